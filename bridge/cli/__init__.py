"""The `bridge` command and its verbs. Each verb is a module here and is imported when it is used.

A verb's module has `app`, a Typer application with one command or several. `VERBS` names them in the order
of the help text; a verb whose parts are not installed is left out of it.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from bridge import __version__

VERBS = (
    *("worker", "desk", "demo"),
    *("doctor", "topics", "migrate", "settings", "policy", "feed"),
    *("show", "report", "verify", "replay", "bench", "tables", "sandbox"),
)

_NEEDS = {"demo": "psutil"}
"""What a verb cannot be imported without, beyond what every installation has."""


class Verbs(TyperGroup):
    """Finds a verb by its module's name, and imports no other."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return [
            verb
            for verb in VERBS
            if find_spec(f"bridge.cli.{verb}") and find_spec(_NEEDS.get(verb, "bridge"))
        ]

    def get_command(self, ctx: typer.Context, cmd_name: str) -> TyperCommand | TyperGroup | None:  # type: ignore[override]
        if cmd_name not in self.list_commands(ctx):
            return None
        command = get_command(import_module(f"bridge.cli.{cmd_name}").app)
        assert isinstance(command, (TyperCommand, TyperGroup))
        command.name = cmd_name
        return command


app = typer.Typer(
    name="bridge",
    cls=Verbs,
    help="Moves a 911 call, with its location and narrative, to the people who should take it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        print(f"bridge {__version__}")
        raise typer.Exit


@app.callback()
def bridge(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="The settings file; else $BRIDGE_CONFIG, else ./bridge.toml."),
    ] = None,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep what concerns every verb."""
    ctx.obj = config
