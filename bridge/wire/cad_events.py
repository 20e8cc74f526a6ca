"""CAD events from outside: bytes of anybody's making to one event, with what had to be put right.

Refuses only what is no event or has no ids. Does not know what an event does to its incident.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bridge.domain.cad import CadEvent
from bridge.domain.ids import AgencyId, EventId, IncidentId
from bridge.wire.cloudevents import CloudEvent
from bridge.wire.determinants import normalise_determinant
from bridge.wire.facts import (
    read_answers,
    read_call_type,
    read_caller,
    read_cautions,
    read_location,
    read_notes,
    read_prior_calls,
    read_units,
    write_facts,
)
from bridge.wire.frames import Frames
from bridge.wire.moments import Record, read_moment, write_moment
from bridge.wire.repairs import Repairs, check_ids, usable_id
from bridge.wire.schemas import SchemaName
from bridge.wire.symbols import CHANNELS, INDEX_OF_KIND, KINDS

_IDS = ("event_id", "incident_id", "agency")
_CODES = ("kind_code", "channel_code", "priority_code", "disposition", "callback")
_PLACE = ("civic", "text", "district", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class DecodedEvent:
    """An event, the codes of what was repaired or ignored in it, and SHA-256 of the bytes it came in."""

    event: CadEvent
    faults: tuple[str, ...]
    digest: bytes


def decode(frames: Frames, value: bytes | None, *, now: datetime) -> DecodedEvent:
    """The event in `value`, as far as it can be read at `now`.

    `UndecodableError` when the bytes are no CAD event, or one without event, incident or agency. An
    event whose time is implausible (before 2000, over a day ahead) is taken to have happened now.
    """
    record = frames.read(SchemaName.CAD_EVENT, value)
    repairs = Repairs(now)
    event = read_event(record, repairs)
    assert value is not None
    return DecodedEvent(event, tuple(repairs.faults), sha256(value).digest())


def read_event(record: Record, repairs: Repairs) -> CadEvent:
    """The event of a record, put right first."""
    check_ids(record, _IDS)
    _repair(record, repairs)
    return _event(record)


def about(event: CadEvent) -> CloudEvent:
    """What a gateway says about the record of this event: its key is the incident's number."""
    return CloudEvent(
        id=event.event_id,
        source=event.agency,
        type="org.bridge911.cad_event",
        subject=event.incident_id,
        time=event.at,
        partition_key=event.incident_id,
        sequence=event.sequence,
    )


def encode(frames: Frames, event: CadEvent) -> bytes:
    """The frame of an event, as it stands."""
    return frames.write(SchemaName.CAD_EVENT, write_event(event))


def write_event(event: CadEvent) -> Record:
    """The record of an event."""
    record = write_facts(event)
    record["event_id"] = event.event_id
    record["incident_id"] = event.incident_id
    record["agency"] = event.agency
    record["kind"] = INDEX_OF_KIND[event.kind]
    record["kind_code"] = event.kind_code
    record["at"] = write_moment(event.at)
    record["call_id"] = event.call_id
    record["sequence"] = None if event.sequence is None else ("long", event.sequence)
    return record


def _repair(record: Record, repairs: Repairs) -> None:
    repairs.needed_moment(record, "at")
    repairs.codes(record, _CODES)
    repairs.small(record, "priority", "priority")
    if record["call_id"] and not usable_id(record["call_id"]):
        record["call_id"] = ""
        repairs.fault("call_id.bad")
    call_type, location = record["call_type"], record["location"]
    if call_type is not None:
        repairs.codes(call_type, ("code", "text", "determinant"))
        call_type["determinant"] = normalise_determinant(call_type["determinant"])
        if not any(call_type.values()):  # says nothing, and must not override what is known
            record["call_type"] = None
    if location is not None:
        repairs.location(location)
        if all(location[each] in (None, "", {}) for each in _PLACE):
            record["location"] = None
    if record["caller"] is not None:
        repairs.caller(record["caller"])
    for answer in record["answers"]:
        repairs.codes(answer, ("question", "code"))
    for note in record["notes"]:
        repairs.typed(note["text"], "notes")
        repairs.moment(note, "at", "notes.at")
        repairs.codes(note, ("author",))
    for unit in record["units"]:
        repairs.moment(unit, "at", "units.at")
        repairs.codes(unit, ("unit_id", "status_code", "kind"))
    for caution in record["cautions"]:
        repairs.typed(caution["text"], "cautions")
        repairs.moment(caution, "at", "cautions.at")
        repairs.codes(caution, ("code",))
    for call in record["prior_calls"]:
        repairs.moment(call, "at", "prior_calls.at")
        repairs.codes(call, ("incident_id", "call_type", "disposition"))


def _event(record: Record) -> CadEvent:
    return CadEvent(
        EventId(record["event_id"]),
        IncidentId(record["incident_id"]),
        AgencyId(record["agency"]),
        KINDS[record["kind"]],
        read_moment(record["at"]),
        record["kind_code"],
        record["call_id"],
        record["sequence"],
        CHANNELS[record["channel"]],
        record["channel_code"],
        read_call_type(record["call_type"]),
        record["priority"],
        record["priority_code"],
        record["disposition"],
        read_location(record["location"]),
        record["callback"],
        read_caller(record["caller"]),
        read_answers(record["answers"]),
        read_notes(record["notes"]),
        read_units(record["units"]),
        record["practice"],
        read_cautions(record["cautions"]),
        read_prior_calls(record["prior_calls"]),
    )
