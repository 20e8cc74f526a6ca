"""`bridge migrate`: bring the ledger to this version's shape."""

import asyncio

import typer

from bridge.cli.options import settings_of
from bridge.ledger.migrate import migrate as migrate_ledger

app = typer.Typer(help="Bring the ledger to this version's shape.")


@app.command()
def migrate(ctx: typer.Context) -> None:
    """Apply what is missing, in order; forward only, safe to run again and from several places at once."""
    applied = asyncio.run(migrate_ledger(settings_of(ctx).ledger.dsn))
    for step in applied:
        print(f"applied {step.name}")
    if not applied:
        print("the ledger is up to date")
