"""`bridge tables`: prints the tables of the documents from what runs, and keeps the documents up to date.

A document's block says which table stands in it; `--write` prints it there again, `--check` says whether
it is still what would be printed.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli import (
    api_shown,
    feed_keys,
    feed_shown,
    leaving,
    lists,
    measured,
    policy_keys,
    printed,
    programs,
)
from bridge.cli.blocks import Block, BlockError, blocks_of, rewritten
from bridge.cli.options import settings_of
from bridge.cli.picture import picture
from bridge.cli.printed import Table
from bridge.settings import Settings

TABLES: Mapping[str, Table] = {
    "picture": picture,
    **printed.TABLES,
    **leaving.TABLES,
    **lists.TABLES,
    **programs.TABLES,
    **policy_keys.TABLES,
    **feed_shown.TABLES,
    **feed_keys.TABLES,
    **api_shown.TABLES,
    **{f"measured-{name}": measured.table(name) for name in measured.MEASURED},
}
"""What can be printed, by name."""

app = typer.Typer(help="Print the tables of the documents from what runs.", add_completion=False)


@app.command()
def tables(
    ctx: typer.Context,
    what: Annotated[
        list[str] | None, typer.Argument(help="Names of tables; of documents with --write or --check.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Print the documents' blocks again.")] = False,
    check: Annotated[bool, typer.Option("--check", help="End with 1 when a block is out of date.")] = False,
) -> None:
    """Print tables by name; without one, the names. Documents' blocks with --write and --check."""
    named = what or []
    if write or check:
        changed = documents(settings_of(ctx), [Path(name) for name in named], write=write)
        for line in changed:
            print(line)
        raise typer.Exit(1 if check and changed else 0)
    if not named:
        print("\n".join(TABLES))
        return
    settings = settings_of(ctx)
    print("\n\n".join(text for name in named if (text := the_table(name, settings))))


def the_table(name: str, settings: Settings) -> str:
    """One table, without an empty line at its ends. BlockError when nobody prints it."""
    table = TABLES.get(name)
    if table is None:
        raise BlockError(f"no table is called {name!r}; `bridge tables` names them all")
    return table(settings).strip("\n")


def documents(settings: Settings, paths: Sequence[Path], *, write: bool) -> list[str]:
    """A line for each block of these documents that is out of date; with `write` it is printed again."""
    said: list[str] = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        stale = [f"{path}:{block.line}: {block.name}" for block in _stale(settings, text)]
        if write and stale:
            path.write_text(rewritten(text, lambda name: the_table(name, settings)), encoding="utf-8")
        said += stale
    return said


def _stale(settings: Settings, text: str) -> Iterator[Block]:
    return (block for block in blocks_of(text) if block.text != the_table(block.name, settings))
