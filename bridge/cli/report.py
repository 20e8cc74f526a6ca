"""`bridge report`: what became of the calls, counted and timed from the ledger alone.

Practice is never counted. Ids and codes only, so that it may be shown to whoever asks.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bridge.app.parts import frames_of, open_ledger
from bridge.cli.options import settings_of
from bridge.ledger.summary import Summary, summarise
from bridge.settings import Settings

app = typer.Typer(help="Count what became of the calls.", add_completion=False)

_TITLES: Mapping[str, tuple[str, str]] = {
    "CAD events": ("events", ""),
    "Decisions by verdict": ("decisions", "by_verdict"),
    "Decisions by clause": ("decisions", "by_clause"),
    "First decisions by way in": ("decisions", "by_way_in"),
    "What officers refer": ("decisions", "officers_refer"),
    "Transfers by ending": ("transfers", ""),
    "How callers came over": ("warmth", ""),
    "What became of calls": ("outcomes", ""),
    "Diversions": ("diversions", ""),
    "Recalls by reason": ("recalls", ""),
    "Returns by reason": ("returns", ""),
    "Handed on, by whom": ("handed_on", ""),
    "Consults": ("consults", ""),
    "Tandems, by how and why": ("legs", "tandems"),
    "Legs of tandems": ("legs", "by_kind_mode_why"),
    "Legs by disqualifier": ("legs", "by_disqualifier"),
    "First on scene": ("legs", "first_on_scene"),
    "Legs that were not needed": ("legs", "not_needed"),
    "Calls that began at a hotline": ("begun_at_hotlines", ""),
    "Rescues": ("rescues", ""),
    "Who holds the calls": ("holders", ""),
    "Invariants broken": ("invariants", ""),
}


@app.command()
def report(
    ctx: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Calls first heard of on this day or later, UTC."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for a program.")] = False,
) -> None:
    """Count what became of the calls, and how long people and machines took."""
    begins = since.replace(tzinfo=UTC) if since is not None else None
    found = figures(asyncio.run(_summary(settings_of(ctx), begins)))
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for table in tables_of(found):
        Console().print(table)


async def _summary(settings: Settings, since: datetime | None) -> Summary:
    ledger = await open_ledger(settings, frames_of(settings), worker="report", connections=1)
    try:
        return await summarise(ledger, since)
    finally:
        await ledger.close()


def figures(summary: Summary) -> dict[str, dict[str, object]]:
    """The summary as one object: counts by name, and intervals in milliseconds."""
    counts = summary.counts

    def counted(what: str) -> dict[str, object]:
        return dict(counts.get(what, {}))

    return {
        "events": {**counted("events"), "quarantined": sum(counts.get("quarantined", {}).values())},
        "decisions": {
            "by_verdict": counted("verdicts"),
            "by_clause": counted("clauses"),
            "by_way_in": counted("ways in"),
            "officers_refer": counted("officers refer"),
        },
        "transfers": counted("transfers"),
        "warmth": counted("warmth"),
        "outcomes": counted("outcomes"),
        "diversions": counted("diversions"),
        "recalls": counted("recalls"),
        "returns": counted("returns"),
        "handed_on": counted("handed on"),
        "consults": counted("consults"),
        "legs": {
            "tandems": counted("tandems"),
            "by_kind_mode_why": counted("legs"),
            "by_why": counted("legs by why"),
            "by_disqualifier": counted("legs by clause"),
            "first_on_scene": counted("first on scene"),
            "not_needed": counted("legs not needed"),
            "before_scene_safe": counted("legs before scene safe"),
        },
        "begun_at_hotlines": counted("begun at"),
        "rescues": counted("rescues"),
        "holders": counted("holders"),
        "intervals_ms": {name: asdict(interval) for name, interval in summary.intervals_ms.items()},
    }


def tables_of(found: Mapping[str, Mapping[str, object]]) -> Iterator[Table]:
    """The same for people; what did not happen is left out."""
    for title, (name, part) in _TITLES.items():
        counted = found.get(name, {})
        counted = counted.get(part) if part else counted  # type: ignore[assignment]
        if counted:
            table = Table("", "count", title=title, title_justify="left", show_edge=False)
            for label, count in counted.items():
                table.add_row(str(label), str(count))
            yield table
    yield _intervals(found["intervals_ms"])


def _intervals(intervals: Mapping[str, object]) -> Table:
    table = Table("interval", "count", "p50 ms", "p99 ms", "worst ms", title="Measured", title_justify="left")
    for name, measured in intervals.items():
        if isinstance(measured, Mapping):
            quantiles = (f"{measured[key]:.1f}" for key in ("p50", "p99", "worst"))
            table.add_row(name, str(measured["count"]), *quantiles)
    return table
