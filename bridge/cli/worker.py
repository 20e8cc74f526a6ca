"""`bridge worker`: run one lane until SIGTERM or a failure."""

from dataclasses import replace
from typing import Annotated

import typer

from bridge.app.worker import Worker
from bridge.cli.options import settings_of
from bridge.engine.app import run

app = typer.Typer(help="Run one lane of the bridge.")


@app.command()
def worker(
    ctx: typer.Context,
    lane: Annotated[
        str, typer.Option(help="Which complete copy of the workers this process belongs to.")
    ] = "a",
    probes_port: Annotated[
        int | None, typer.Option(help="Port of /metrics and /health; 0 takes any free one.")
    ] = None,
) -> None:
    """Read CAD events and signals, screen, offer, and track every transfer, until SIGTERM."""
    settings = settings_of(ctx)
    port = settings.worker.probes_port if probes_port is None else probes_port
    settings = replace(settings, worker=replace(settings.worker, lane=lane, probes_port=port))
    run(Worker(settings).engine)
