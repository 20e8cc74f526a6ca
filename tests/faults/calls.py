"""Invented incidents whose events must keep their order: created, noted, in danger or not, closed or not.

A third of them is still open at the end and must have been offered; a third turns dangerous and is taken
back; a third is closed. Nothing depends on a clock but the time that CAD writes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zlib import crc32

from bridge.domain.cad import (
    Answer,
    CadEvent,
    Caller,
    CallType,
    Channel,
    CodedAnswer,
    EventKind,
    Location,
    Note,
)
from bridge.domain.ids import AgencyId, EventId, IncidentId

AGENCY = AgencyId("police.dallas.example")
QUESTIONS = ("weapon", "violence", "medical", "police_only")


class Course(StrEnum):
    """How an incident goes on after it was offered."""

    OPEN = "open"
    DANGEROUS = "dangerous"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Told:
    """One event of one incident; `number` counts from 1 within it."""

    incident_id: str
    number: int
    course: Course
    event: CadEvent


def course_of(number: int) -> Course:
    """Which course the incident of this number takes."""
    return tuple(Course)[number % 3]


def created(incident_id: str, *, event_id: str = "", note: str = "MALE ON CURB, CALM") -> CadEvent:
    """An incident that the example policy offers to the crisis line."""
    now = datetime.now(UTC)
    return CadEvent(
        event_id=EventId(event_id or f"{incident_id}.1"),
        incident_id=IncidentId(incident_id),
        agency=AGENCY,
        kind=EventKind.CREATED,
        at=now,
        sequence=1,
        call_type=CallType("46", "CIT"),
        priority=4,
        location=Location(text="100 EXAMPLE ST", district="B12", latitude=40.0, longitude=-60.0),
        callback=f"+1555{crc32(incident_id.encode()) % 10**7:07}",  # one number is passed on twice a day
        caller=Caller(on_the_line=Answer.YES, first_party=Answer.YES),
        answers=tuple(CodedAnswer(question, Answer.NO, "N") for question in QUESTIONS),
        notes=(Note(note, now),),
        channel=Channel.NINE_ONE_ONE,
    )


def noted(incident_id: str, number: int, text: str) -> CadEvent:
    """A remark that is added to an incident, as its event of this number."""
    return _later(incident_id, number, EventKind.NOTE_ADDED, (Note(text, datetime.now(UTC)),))


def closed(incident_id: str, number: int) -> CadEvent:
    """The end of an incident in CAD."""
    return _later(incident_id, number, EventKind.CLOSED, ())


def _later(incident_id: str, number: int, kind: EventKind, notes: tuple[Note, ...]) -> CadEvent:
    return CadEvent(
        event_id=EventId(f"{incident_id}.{number}"),
        incident_id=IncidentId(incident_id),
        agency=AGENCY,
        kind=kind,
        at=datetime.now(UTC),
        sequence=number,
        notes=notes,
    )


def course(incident_id: str, number: int) -> Iterator[Told]:
    """The events of the incident of this number, in order."""
    taken = course_of(number)
    events = [created(incident_id), noted(incident_id, 2, "STILL THERE, CALM")]
    match taken:
        case Course.DANGEROUS:
            events.append(noted(incident_id, 3, "NOW HAS A KNIFE"))
            events.append(closed(incident_id, 4))
        case Course.CLOSED:
            events.append(closed(incident_id, 3))
        case Course.OPEN:
            events.append(noted(incident_id, 3, "SITS DOWN"))
    for place, event in enumerate(events, start=1):
        yield Told(incident_id, place, taken, event)


def evening(prefix: str, events: int, *, together: int = 5) -> Sequence[Told]:
    """At least so many events, `together` incidents interleaved as on a busy evening."""
    told: list[Told] = []
    number = 0
    while len(told) < events:
        under_way = [list(course(f"{prefix}-{number + n}", number + n)) for n in range(together)]
        number += together
        for step in range(max(map(len, under_way))):
            told += [events_of[step] for events_of in under_way if step < len(events_of)]
    return told
