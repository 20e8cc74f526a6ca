"""`bridge show CALL`: one call's whole history on a time line, from the ledger alone.

By default nothing of what callers said, where they are or who they are is shown, nor opened.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge.app.parts import frames_of, key_ring
from bridge.cli.options import settings_of
from bridge.cli.time_line import Moment, standing_facts, time_line
from bridge.errors import SettingsError, UndecodableError
from bridge.ledger.history import History, find_calls, history
from bridge.settings import Settings
from bridge.wire import incidents, offers, returns, statuses
from bridge.wire.frames import Frames

app = typer.Typer(help="Show one call's whole history.", add_completion=False)

_DECODERS: Mapping[str, Callable[[Frames, bytes | None], object]] = {
    "offer": offers.decode,
    "return": returns.decode,
    "status": statuses.decode,
}


@app.command()
def show(
    ctx: typer.Context,
    call: Annotated[
        str, typer.Argument(help="An incident's number, AGENCY/NUMBER, or the id of a transfer or message.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for a program.")] = False,
    content: Annotated[
        bool,
        typer.Option(
            "--content",
            help="Also open what is sealed: the narrative, numbers, places and names of the callers. "
            "Only for whoever may read them; the ledger's key is needed.",
        ),
    ] = False,
) -> None:
    """Show what came in, was decided, heard and sent about one call, and who held it at every point."""
    settings = settings_of(ctx)
    found = asyncio.run(the_history(settings, call, content=content))
    frames = frames_of(settings) if content else None
    if as_json:
        print(json_of(found, frames))
    elif sys.stdout.isatty():
        Console().print(table_of(found))
        print("\n".join(content_of(found, frames)))
    else:
        print("\n".join([*lines_of(found), *content_of(found, frames)]))


async def the_history(settings: Settings, call: str, *, content: bool) -> History:
    """The history of the one call that is meant. SettingsError when it is none, or more than one."""
    dsn = settings.ledger.dsn
    keys = await find_calls(dsn, call)
    if len(keys) > 1:
        raise SettingsError(f"CALL: {len(keys)} agencies have that incident; say one of {', '.join(keys)}")
    found = await history(dsn, keys[0], keys=key_ring(settings) if content else None) if keys else None
    if found is None:
        raise SettingsError(
            "CALL: the ledger has no such call; give an incident's number, AGENCY/NUMBER, or the id of a "
            "transfer or message"
        )
    return found


def lines_of(found: History) -> Iterator[str]:
    """A line for the call, then one for each thing that happened."""
    yield _title(found)
    for moment in time_line(found):
        said = f" (said at {_time(moment.said_at)})" if moment.said_at else ""
        yield f"{_time(moment.at)}  {moment.holder:<14} {moment.what}: {moment.details}{said}"


def table_of(found: History) -> Table:
    """The same for people at a terminal."""
    table = Table("Heard at", "Said at", "Holder", "What", "Details", title=Text(_title(found)))
    for moment in time_line(found):
        said = _time(moment.said_at) if moment.said_at else ""
        table.add_row(
            Text(_time(moment.at)), Text(said), Text(moment.holder), Text(moment.what), Text(moment.details)
        )
    return table


def content_of(found: History, frames: Frames | None) -> Iterator[str]:
    """What was sealed, when it was asked for: the incident as it stands, and every message."""
    if frames is None:
        return
    if found.snapshot is None:
        yield "content: purged, or never sealed"
        return
    incident = incidents.decode(frames, found.snapshot)
    yield f"content: incident {incident!r}"
    yield from (f"content: {fact}" for fact in standing_facts(incident))
    for message in found.messages:
        yield f"content: message #{message.number} {_decoded(frames, message.carries, message.content)}"


def json_of(found: History, frames: Frames | None) -> str:
    """Everything as one object; `content` by message number, and `incident`, when they were asked for."""
    told: dict[str, object] = {
        "incident": found.incident_key,
        "version": found.version,
        "verdict": found.verdict,
        "holder": found.holder,
        "practice": found.practice,
        "time_line": [_as_json(moment) for moment in time_line(found)],
    }
    if frames is not None and found.snapshot is not None:
        told["content"] = {
            "incident": asdict(incidents.decode(frames, found.snapshot)),
            "messages": {
                message.number: _decoded(frames, message.carries, message.content)
                for message in found.messages
            },
        }
    return json.dumps(told, default=str)


def _as_json(moment: Moment) -> dict[str, str | None]:
    return {
        "at": _time(moment.at),
        "said_at": _time(moment.said_at) if moment.said_at else None,
        "holder": moment.holder,
        "what": moment.what,
        "details": moment.details,
    }


def _decoded(frames: Frames, carries: str, content: bytes | None) -> str:
    """A message as its receiver reads it; one for another kind of channel is shown as text."""
    if content is None:
        return "purged"
    try:
        return repr(_DECODERS[carries](frames, content))
    except UndecodableError:
        return content.decode("utf-8", "backslashreplace")


def _title(found: History) -> str:
    practice = ", practice" if found.practice else ""
    return (
        f"incident {found.incident_key}, version {found.version}, {found.verdict}, "
        f"holder {found.holder}{practice}"
    )


def _time(at: datetime) -> str:
    return at.isoformat(" ", "milliseconds")
