"""What the demonstration prints: calls as they move, and then what they came to."""

import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version

from rich.console import Console

from bridge import __version__
from bridge.cli.report import figures, tables_of
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
                self._line(moved.incident_id, "call taker", _done(moved))

    def hotline(self, moved: Offer | Signal) -> None:
        """What a hotline was sent, or did."""
        if isinstance(moved, Signal):
            self._line(moved.incident_id or "-", moved.speaker_id, _done(moved))
        elif moved.kind not in _QUIET:
            clauses = ", ".join(reason.clause for reason in moved.reasons[:3])
            what = [moved.kind.lower(), moved.state, clauses or moved.reason]
            self._line(moved.incident_id, f"-> {moved.destination}", " ".join(filter(None, what)))

    def _line(self, incident: str, who: str, what: str) -> None:
        seconds = (datetime.now(UTC) - self._began).total_seconds()
        self._say(f"{seconds:6.2f} s  {incident:<11}  {who:<15}  {what}".rstrip())


def _done(signal: Signal) -> str:
    """What somebody did, with whom or what it is about: codes only."""
    about = [signal.outcome or signal.reason, f"-> {signal.prefers}" if signal.prefers else ""]
    about += [signal.state.queue.value] if signal.state is not None else []
    about += [signal.leg.kind.value] if signal.leg is not None else []
    return " ".join([signal.kind.value, *filter(None, about)])


def _told(message: Return) -> str:
    if message.kind is ReturnKind.RECOMMENDATION and message.verdict is not None:
        return f"recommendation: {message.verdict.value}"
    leg = f"{message.leg.kind.value} {message.leg.mode.value}" if message.leg is not None else ""
    parts = [message.kind.lower().replace("_", " "), leg, message.state, message.reason]
    return f"{' '.join(part for part in dict.fromkeys(parts) if part)}; {message.holder} holds"


async def report(
    settings: Settings, ledger: Ledger, broken: Mapping[int, int]
) -> dict[str, dict[str, object]]:
    """The summary as one object: what `bridge report` says, with broken invariants and versions."""
    return {
        **figures(await summarise(ledger)),
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
    for table in tables_of(summary):
        Console().print(table)
