"""What CAD events, incidents and offers share: place, caller, answers, notes, units, cautions, prior calls.

Exact in both directions: a value is taken as it stands. What is repaired of a message from outside is
repaired before it comes here.
"""

from bridge.domain.cad import (
    CadEvent,
    Caller,
    CallType,
    Caution,
    CodedAnswer,
    Location,
    Note,
    PriorCall,
    Unit,
)
from bridge.domain.incident import Incident
from bridge.wire.moments import (
    Record,
    read_moment,
    read_optional_moment,
    write_optional_moment,
)
from bridge.wire.symbols import (
    ANSWERS,
    CAUTIONS_ABOUT,
    INDEX_OF_ANSWER,
    INDEX_OF_CAUTION_ABOUT,
    INDEX_OF_CHANNEL,
    INDEX_OF_ROLE,
    INDEX_OF_SOURCE,
    INDEX_OF_UNIT_STATUS,
    ROLES,
    SOURCES,
    UNIT_STATUSES,
)

Optional = tuple[str, Record] | None
"""A named record of a union, or null."""


def read_call_type(record: Record | None) -> CallType | None:
    """The type of the call."""
    if record is None:
        return None
    return CallType(record["code"], record["text"], record["determinant"])


def read_location(record: Record | None) -> Location | None:
    """Where."""
    if record is None:
        return None
    at = record["at"]
    return Location(
        record["civic"],
        record["text"],
        record["district"],
        record["latitude"],
        record["longitude"],
        record["uncertainty_m"],
        record["confidence_percent"],
        SOURCES[record["source"]],
        record["source_code"],
        None if at is None else read_moment(at),
    )


def read_caller(record: Record | None) -> Caller | None:
    """What is known of the caller."""
    if record is None:
        return None
    return Caller(
        record["name"],
        ANSWERS[record["first_party"]],
        ANSWERS[record["on_the_line"]],
        record["age"],
        ANSWERS[record["consent"]],
        ANSWERS[record["wants_police"]],
        record["language"],
    )


def read_answers(records: list[Record]) -> tuple[CodedAnswer, ...]:
    """What was asked and answered."""
    return tuple([CodedAnswer(each["question"], ANSWERS[each["answer"]], each["code"]) for each in records])


def read_notes(records: list[Record]) -> tuple[Note, ...]:
    """The remarks."""
    return tuple(
        [
            Note(
                each["text"],
                read_optional_moment(each["at"]),
                each["author"],
                ROLES[each["role"]],
                each["number"],
            )
            for each in records
        ]
    )


def read_units(records: list[Record]) -> tuple[Unit, ...]:
    """The units."""
    return tuple(
        [
            Unit(
                each["unit_id"],
                UNIT_STATUSES[each["status"]],
                each["status_code"],
                each["kind"],
                read_optional_moment(each["at"]),
            )
            for each in records
        ]
    )


def read_cautions(records: list[Record]) -> tuple[Caution, ...]:
    """The caution notes. Most calls have none."""
    if not records:
        return ()
    return tuple(
        [
            Caution(
                each["code"],
                CAUTIONS_ABOUT[each["about"]],
                each["text"],
                read_optional_moment(each["at"]),
            )
            for each in records
        ]
    )


def read_prior_calls(records: list[Record]) -> tuple[PriorCall, ...]:
    """The earlier incidents at the address. Most calls have none."""
    if not records:
        return ()
    return tuple(
        [
            PriorCall(
                each["incident_id"],
                each["call_type"],
                read_optional_moment(each["at"]),
                each["disposition"],
            )
            for each in records
        ]
    )


def write_facts(said: CadEvent | Incident) -> Record:
    """The fields that an event and an incident share."""
    return {
        "channel": INDEX_OF_CHANNEL[said.channel],
        "channel_code": said.channel_code,
        "call_type": _call_type(said.call_type),
        "priority": None if said.priority is None else ("int", said.priority),
        "priority_code": said.priority_code,
        "disposition": said.disposition,
        "location": _location(said.location),
        "callback": said.callback,
        "caller": _caller(said.caller),
        "answers": [
            {"question": each.question, "answer": INDEX_OF_ANSWER[each.answer], "code": each.code}
            for each in said.answers
        ],
        "notes": [_note(each) for each in said.notes],
        "units": [_unit(each) for each in said.units],
        "practice": said.practice,
        "cautions": [_caution(each) for each in said.cautions] if said.cautions else (),
        "prior_calls": [_prior_call(each) for each in said.prior_calls] if said.prior_calls else (),
    }


def _call_type(said: CallType | None) -> Optional:
    if said is None:
        return None
    return (
        "org.bridge911.CallType",
        {"code": said.code, "text": said.text, "determinant": said.determinant},
    )


def _location(said: Location | None) -> Optional:
    if said is None:
        return None
    confidence = said.confidence_percent
    return (
        "org.bridge911.Location",
        {
            "civic": said.civic,
            "text": said.text,
            "district": said.district,
            "latitude": None if said.latitude is None else ("double", said.latitude),
            "longitude": None if said.longitude is None else ("double", said.longitude),
            "uncertainty_m": None if said.uncertainty_m is None else ("double", said.uncertainty_m),
            "confidence_percent": None if confidence is None else ("int", confidence),
            "source": INDEX_OF_SOURCE[said.source],
            "source_code": said.source_code,
            "at": write_optional_moment(said.at),
        },
    )


def _caller(said: Caller | None) -> Optional:
    if said is None:
        return None
    return (
        "org.bridge911.Caller",
        {
            "name": said.name,
            "first_party": INDEX_OF_ANSWER[said.first_party],
            "on_the_line": INDEX_OF_ANSWER[said.on_the_line],
            "age": None if said.age is None else ("int", said.age),
            "consent": INDEX_OF_ANSWER[said.consent],
            "wants_police": INDEX_OF_ANSWER[said.wants_police],
            "language": said.language,
        },
    )


def _note(said: Note) -> Record:
    return {
        "text": said.text,
        "at": write_optional_moment(said.at),
        "author": said.author,
        "role": INDEX_OF_ROLE[said.role],
        "number": None if said.number is None else ("long", said.number),
    }


def _unit(said: Unit) -> Record:
    return {
        "unit_id": said.unit_id,
        "status": INDEX_OF_UNIT_STATUS[said.status],
        "status_code": said.status_code,
        "kind": said.kind,
        "at": write_optional_moment(said.at),
    }


def _caution(said: Caution) -> Record:
    return {
        "code": said.code,
        "about": INDEX_OF_CAUTION_ABOUT[said.about],
        "text": said.text,
        "at": write_optional_moment(said.at),
    }


def _prior_call(said: PriorCall) -> Record:
    return {
        "incident_id": said.incident_id,
        "call_type": said.call_type,
        "at": write_optional_moment(said.at),
        "disposition": said.disposition,
    }
