"""What the demonstration prints: calls as they move, and then what they came to."""

import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

from bridge import __version__
from bridge.domain.cad import CadEvent
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind
from bridge.domain.signal import Signal
from bridge.ledger.ledger import Ledger
from bridge.ledger.summary import summarise
from bridge.settings import Settings

_QUIET = frozenset({OfferKind.UPDATE})


class Printer:
    """One line for each thing that moves. Ids, states and clauses; nobody's words."""

    def __init__(self, say: Callable[[str], object], began: datetime) -> None:
        self._say = say
        self._began = began

    def cad(self, moved: CadEvent | Return | Signal) -> None:
        """What CAD sent, was told, or its call taker did."""
        match moved:
            case CadEvent():
                kind = moved.call_type.text if moved.call_type is not None else ""
                self._line(moved.incident_id, "CAD", f"{moved.kind.lower()} {kind}")
            case Return():
                self._line(moved.incident_id, "911 is told", _told(moved))
            case Signal():
                self._line(moved.incident_id, "call taker", moved.kind.value)

    def hotline(self, moved: Offer | Signal) -> None:
        """What a hotline was sent, or did."""
        if isinstance(moved, Signal):
            self._line(
                moved.incident_id, moved.speaker_id, f"{moved.kind.value} {moved.outcome or moved.reason}"
            )
        elif moved.kind not in _QUIET:
            clauses = ", ".join(reason.clause for reason in moved.reasons[:3])
            self._line(moved.incident_id, f"-> {moved.destination}", f"{moved.kind.lower()} {clauses}")

    def _line(self, incident: str, who: str, what: str) -> None:
        seconds = (datetime.now(UTC) - self._began).total_seconds()
        self._say(f"{seconds:6.2f} s  {incident:<11}  {who:<15}  {what}".rstrip())


def _told(message: Return) -> str:
    if message.kind is ReturnKind.RECOMMENDATION and message.verdict is not None:
        return f"recommendation: {message.verdict.value}"
    parts = [message.kind.lower().replace("_", " "), message.state, message.reason]
    return f"{' '.join(part for part in dict.fromkeys(parts) if part)}; {message.holder} holds"


async def report(
    settings: Settings, ledger: Ledger, broken: Mapping[int, int]
) -> dict[str, dict[str, object]]:
    """The summary as one object: counts, holders, intervals in milliseconds, broken invariants, versions."""
    summary = await summarise(ledger)
    counts = summary.counts
    return {
        "events": {**counts.get("events", {}), "quarantined": sum(counts.get("quarantined", {}).values())},
        "decisions": {
            "by_verdict": dict(counts.get("verdicts", {})),
            "by_clause": dict(counts.get("clauses", {})),
            "by_way_in": dict(counts.get("ways in", {})),
            "officers_refer": dict(counts.get("officers refer", {})),
        },
        "begun_at_hotlines": dict(counts.get("begun at", {})),
        "rescues": dict(counts.get("rescues", {})),
        "legs": {
            "by_kind_mode_why": dict(counts.get("legs", {})),
            "by_why": dict(counts.get("legs by why", {})),
            "by_disqualifier": dict(counts.get("legs by clause", {})),
            "first_on_scene": dict(counts.get("first on scene", {})),
            "not_needed": dict(counts.get("legs not needed", {})),
            "before_scene_safe": dict(counts.get("legs before scene safe", {})),
        },
        "transfers": dict(counts.get("transfers", {})),
        "holders": dict(counts.get("holders", {})),
        "intervals_ms": {name: asdict(interval) for name, interval in summary.intervals_ms.items()},
        "invariants": {str(number): count for number, count in broken.items()},
        "versions": {
            "bridge": __version__,
            "python": platform.python_version(),
            "postgresql": await ledger.check(),
            "faust-streaming": version("faust-streaming"),
            "aiokafka": version("aiokafka"),
            "kafka": ", ".join(settings.kafka.bootstrap),
        },
    }


def show(summary: Mapping[str, Mapping[str, object]]) -> None:
    """The summary as tables."""
    console = Console()
    decisions = summary["decisions"]
    for title, counted in (
        ("CAD events", summary["events"]),
        ("Decisions by verdict", decisions["by_verdict"]),
        ("Decisions by clause", decisions["by_clause"]),
        ("First decisions by way in", decisions["by_way_in"]),
        ("What officers refer", decisions["officers_refer"]),
        ("Transfers by ending", summary["transfers"]),
        ("Calls that began at a hotline", summary["begun_at_hotlines"]),
        ("Rescues", summary["rescues"]),
        ("Legs of tandems", summary["legs"]["by_kind_mode_why"]),
        ("Legs by disqualifier", summary["legs"]["by_disqualifier"]),
        ("First on scene", summary["legs"]["first_on_scene"]),
        ("Legs that were not needed", summary["legs"]["not_needed"]),
        ("Who holds the calls", summary["holders"]),
        ("Invariants broken", summary["invariants"]),
    ):
        table = Table("", "count", title=title, title_justify="left", show_edge=False)
        for name, count in counted.items() if isinstance(counted, Mapping) else ():
            table.add_row(str(name), str(count))
        console.print(table)
    console.print(_intervals(summary["intervals_ms"]))


def _intervals(intervals: Mapping[str, object]) -> Table:
    table = Table("interval", "count", "p50 ms", "p99 ms", "worst ms", title="Measured", title_justify="left")
    for name, measured in intervals.items():
        if isinstance(measured, Mapping):
            quantiles = (f"{measured[key]:.1f}" for key in ("p50", "p99", "worst"))
            table.add_row(name, str(measured["count"]), *quantiles)
    return table
