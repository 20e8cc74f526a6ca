"""The ledger's snapshot of an incident. Written and read by us alone, so it is exact or undecodable."""

from bridge.domain.cad import Caller
from bridge.domain.ids import AgencyId, IncidentId
from bridge.domain.incident import Incident
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
from bridge.wire.moments import Record, read_optional_moment, write_optional_moment
from bridge.wire.schemas import SchemaName
from bridge.wire.symbols import CHANNELS


def decode(frames: Frames, value: bytes | None) -> Incident:
    """The incident in a snapshot; `UndecodableError` when there is none."""
    return read_incident(frames.read(SchemaName.INCIDENT, value))


def encode(frames: Frames, incident: Incident) -> bytes:
    """The snapshot of an incident."""
    return frames.write(SchemaName.INCIDENT, write_incident(incident))


def read_incident(record: Record) -> Incident:
    """The incident of a record."""
    return Incident(
        IncidentId(record["incident_id"]),
        AgencyId(record["agency"]),
        record["version"],
        record["sequence"],
        read_optional_moment(record["first_at"]),
        read_optional_moment(record["last_at"]),
        record["closed"],
        record["practice"],
        tuple(record["call_ids"]),
        CHANNELS[record["channel"]],
        record["channel_code"],
        read_call_type(record["call_type"]),
        record["priority"],
        record["priority_code"],
        record["disposition"],
        read_location(record["location"]),
        record["callback"],
        read_caller(record["caller"]) or Caller(),
        read_answers(record["answers"]),
        read_notes(record["notes"]),
        read_units(record["units"]),
        read_cautions(record["cautions"]),
        read_prior_calls(record["prior_calls"]),
    )


def write_incident(incident: Incident) -> Record:
    """The record of an incident."""
    record = write_facts(incident)
    record["incident_id"] = incident.incident_id
    record["agency"] = incident.agency
    record["version"] = incident.version
    record["sequence"] = None if incident.sequence is None else ("long", incident.sequence)
    record["first_at"] = write_optional_moment(incident.first_at)
    record["last_at"] = write_optional_moment(incident.last_at)
    record["closed"] = incident.closed
    record["call_ids"] = incident.call_ids
    return record
