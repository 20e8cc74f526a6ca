"""`bridge desk`: serve the HTTP API. `bridge desk key`: keys with which 911 and hotlines speak over it."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, TypeVar

import typer

from bridge.app.parts import frames_of, open_ledger
from bridge.cli.options import destinations_of, settings_of
from bridge.domain.ids import AgencyId, DestinationId
from bridge.errors import SettingsError
from bridge.ledger import desk as ledger_desk
from bridge.ledger.desk import Asker
from bridge.ledger.ledger import Ledger

app = typer.Typer(help="Serve the HTTP API, and keep its keys.", invoke_without_command=True)
key_app = typer.Typer(help="Keys of the HTTP API.", no_args_is_help=True)
app.add_typer(key_app, name="key")

T = TypeVar("T")

_KEY_BYTES = 32
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")


@app.callback()
def desk(
    ctx: typer.Context,
    port: Annotated[int | None, typer.Option(help="Port of the API; 0 takes any free one.")] = None,
    probes_port: Annotated[
        int | None, typer.Option(help="Port of /metrics and /health; 0 takes any free one.")
    ] = None,
) -> None:
    """Serve the HTTP API until SIGTERM."""
    if ctx.invoked_subcommand is None:
        from bridge.app.desk import serve  # keys need no HTTP server

        settings = settings_of(ctx)
        said = settings.desk.port if port is None else port
        serve(replace(settings, desk=replace(settings.desk, port=said)), probes_port)


@key_app.command("add")
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A name for the key, such as crisis-line-2026.")],
    destination: Annotated[str | None, typer.Option(help="The destination that speaks with it.")] = None,
    agency: Annotated[str | None, typer.Option(help="The agency whose 911 speaks with it.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="How long it is valid.")] = None,
) -> None:
    """Make a key of 256 random bits and print it, once. One side can have two valid keys, to change them."""
    if (destination is None) == (agency is None):
        raise SettingsError("desk key: name one side; use --destination or --agency")
    if not _NAME.fullmatch(name):
        raise SettingsError("desk key: the name is letters, digits, dots and hyphens, at most 63")
    settings = settings_of(ctx)
    if destination is not None and DestinationId(destination) not in destinations_of(settings):
        raise SettingsError(f"desk key: there is no destination {destination!r}; see `bridge doctor`")
    asker = Asker(
        name,
        AgencyId(agency) if agency is not None else None,
        DestinationId(destination) if destination is not None else None,
    )
    key = secrets.token_urlsafe(_KEY_BYTES)
    digest = hashlib.sha256(key.encode()).digest()
    if not _with_ledger(ctx, lambda ledger: ledger_desk.add_key(ledger, digest, asker, days)):
        raise SettingsError(
            "desk key: there are two valid keys already, or one of this name; revoke one first"
        )
    print(key)


@key_app.command("list")
def list_keys(ctx: typer.Context) -> None:
    """Print whose keys there are, and until when; never a key."""
    for row in _with_ledger(ctx, ledger_desk.keys):
        until = f"until {row.valid_until:%Y-%m-%d}" if row.valid_until is not None else "without end"
        revoked = f"revoked {row.revoked_at:%Y-%m-%d %H:%M}" if row.revoked_at is not None else until
        print(f"{row.name:32} {row.side:48} {'valid' if row.valid else 'not valid':10} {revoked}")


@key_app.command("revoke")
def revoke(ctx: typer.Context, name: Annotated[str, typer.Argument(help="The key's name.")]) -> None:
    """Let a key open nothing from now on. Calls that are under way go on."""
    if not _with_ledger(ctx, lambda ledger: ledger_desk.revoke_key(ledger, name)):
        raise SettingsError(f"desk key: there is no valid key {name!r}; `bridge desk key list` names them")
    print(f"revoked {name}")


def _with_ledger(ctx: typer.Context, ask: Callable[[Ledger], Awaitable[T]]) -> T:
    settings = settings_of(ctx)

    async def asked() -> T:
        ledger = await open_ledger(settings, frames_of(settings), worker="desk-key", connections=1)
        try:
            return await ask(ledger)
        finally:
            await ledger.close()

    return asyncio.run(asked())
