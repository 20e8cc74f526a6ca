"""A call's history as a time line: a row for each thing that happened, in order, with who held the call then.

Made of ids, codes and times; what was sealed comes apart from it, and only when it was asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bridge.domain.ids import NINE_ONE_ONE
from bridge.domain.incident import Incident
from bridge.domain.leg import Leg
from bridge.ledger.history import Attempt, Decided, EventRead, History, Sent
from bridge.ledger.rows import AuditRow


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. `said_at` is the speaker's own clock, `holder` who has the call since."""

    at: datetime
    what: str
    details: str
    holder: str
    said_at: datetime | None = None
    content: bytes | None = None
    carries: str = ""


_ORDER = {"event": 0, "audit": 1, "leg": 2, "message": 3, "attempt": 4, "answer": 5}


def time_line(history: History) -> list[Moment]:
    """Everything that happened to a call, in the order in which the ledger wrote it."""
    rows = sorted(_happened(history), key=lambda row: row[:3])
    holder, line = NINE_ONE_ONE, []
    for at, _, __, thing in rows:
        if isinstance(thing, AuditRow):
            holder = thing.holder
        line.append(_moment(history, at, thing, holder))
    return line


def standing_facts(incident: Incident) -> Iterator[str]:
    """A line for each caution note and each prior call, as CAD gave them.

    For people; they are rules only where a policy makes them one. What was typed is quoted, so that it
    cannot steer the terminal.
    """
    for caution in incident.cautions:
        text = repr(caution.text) if caution.text else ""
        yield f"caution: {_words(f'about {caution.about.name}', caution.code, text, _day(caution.at))}"
    for call in incident.prior_calls:
        yield f"prior call: {_words(call.incident_id, call.call_type, _day(call.at), call.disposition)}"


@dataclass(frozen=True, slots=True)
class LegCame:
    """A leg came to a state for the first time, or its scene was said to be safe."""

    leg: Leg
    what: str


_Thing = EventRead | AuditRow | Sent | Attempt | LegCame | tuple[Sent, str]


def _happened(history: History) -> Iterator[tuple[datetime, int, int, _Thing]]:
    """When, and within one instant in which order."""
    for number, event in enumerate(history.events):
        at = min(event.received_at, event.decided.decided_at) if event.decided else event.received_at
        yield at, _ORDER["event"], number, event
    for link in history.audit:
        yield link.at, _ORDER["audit"], link.number, link
    for number, leg in enumerate(history.legs):
        for at, what in _stamps(leg):
            yield at, _ORDER["leg"], number, LegCame(leg, what)
    for message in history.messages:
        yield message.created_at, _ORDER["message"], message.number, message
        if message.closed_at is not None:
            yield message.closed_at, _ORDER["answer"], message.number, (message, message.state)
    for attempt in history.attempts:
        yield attempt.ended_at, _ORDER["attempt"], attempt.number, attempt


def _stamps(leg: Leg) -> Iterator[tuple[datetime, str]]:
    """When this leg came to each state. The last one is what it ended as."""
    stamps = (
        (leg.requested_at, "requested"),
        (leg.assigned_at, "assigned"),
        (leg.en_route_at, "en_route"),
        (leg.staged_at, "staged"),
        (leg.on_scene_at, "on_scene"),
        (leg.scene_safe_at, "scene_safe"),
        (leg.ended_at, leg.state.value),
    )
    yield from ((at, what) for at, what in stamps if at is not None)


def _decisions(history: History) -> Iterator[tuple[AuditRow, Decided]]:
    """The audit's links with the decisions that they tell of: both are in the order of screening."""
    links = (link for link in history.audit if link.what == "decided")
    yield from zip(links, history.decisions, strict=False)


def _moment(history: History, at: datetime, thing: _Thing, holder: str) -> Moment:
    match thing:
        case EventRead():
            return Moment(at, "event read", _of_event(thing), holder)
        case AuditRow():
            return Moment(at, thing.what, _of_link(history, thing), holder, thing.said_at)
        case LegCame():
            return Moment(at, f"{thing.leg.kind.value} {thing.what}", _of_leg(thing.leg, thing.what), holder)
        case Sent():
            what, content = f"to {thing.destination}", thing.content
            return Moment(at, what, _of_message(thing), holder, content=content, carries=thing.carries)
        case Attempt():
            return Moment(at, f"attempt {thing.number}", _words(thing.result, thing.answer), holder)
        case (message, state):
            details = _words(f"#{message.number}", f"attempts {message.attempts}", message.answer)
            return Moment(at, f"message {state}", details, holder)


def _of_event(event: EventRead) -> str:
    faults = f"repaired {' '.join(event.faults)}" if event.faults else ""
    decided = event.decided
    version = f"version {decided.version}" if decided else event.outcome
    verdict = f"{decided.verdict} by policy {decided.policy}" if decided else ""
    return _words(event.event_key, version, event.place, f"lane {event.lane}", verdict, faults)


def _of_link(history: History, link: AuditRow) -> str:
    for told, decided in _decisions(history):
        if told is link:
            return _of_decision(link, decided)
    destination = history.destinations.get(link.transfer_id, "")
    transfer = f"transfer {link.transfer_id}" if link.transfer_id else ""
    moved = f"{link.from_state} -> {link.to_state}" if link.from_state else link.to_state
    by = f"by {link.speaker}" if link.speaker else ""
    because = f"because {link.reason}" if link.reason else ""
    clauses = f"clauses {' '.join(link.clauses)}" if link.clauses else ""
    return _words(destination, moved, by, because, clauses, transfer)


def _of_decision(link: AuditRow, decided: Decided) -> str:
    again = "nothing new, time went by" if decided.screening > 1 else ""
    verdict = f"{link.to_state} for version {decided.version}"
    return _words(verdict, again, f"policy {decided.policy}", *decided.clauses)


def _of_leg(leg: Leg, what: str) -> str:
    unit = f"unit {leg.unit_id}" if leg.unit_id and what != "requested" else ""
    clause = f"clause {leg.clause}" if leg.clause else ""
    why = f"for {leg.why.value}"
    early = "before the scene was safe" if leg.violation and what == "on_scene" else ""
    asked = _words(leg.mode.value, why, clause, f"asked by {leg.asked_by}") if what == "requested" else ""
    return _words(unit, asked, early, f"leg {leg.leg_id}")


def _of_message(message: Sent) -> str:
    name = f"#{message.number} {message.carries} {message.kind}"
    return _words(name, f"{message.channel}:{message.address}", message.message_id)


def _day(at: datetime | None) -> str:
    return "" if at is None else at.date().isoformat()


def _words(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
