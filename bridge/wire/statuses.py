"""Statuses: every change, for everybody who watches, in bytes and back. An empty id on the wire is none."""

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, MessageId, TransferId
from bridge.domain.message import Status
from bridge.wire.frames import Frames
from bridge.wire.moments import read_moment, write_moment
from bridge.wire.reasons import read_policy, write_optional_policy
from bridge.wire.schemas import SchemaName
from bridge.wire.symbols import INDEX_OF_VERDICT, VERDICTS


def encode(frames: Frames, status: Status) -> bytes:
    """The frame of a status."""
    record = {
        "message_id": status.message_id,
        "incident_id": status.incident_id,
        "agency": status.agency,
        "sequence": status.sequence,
        "at": write_moment(status.at),
        "change": status.change,
        "holder": status.holder,
        "verdict": INDEX_OF_VERDICT[status.verdict],
        "clauses": status.clauses,
        "policy": write_optional_policy(status.policy),
        "transfer_id": status.transfer_id or "",
        "destination": status.destination or "",
        "state": status.state,
        "reason": status.reason,
        "practice": status.practice,
    }
    return frames.write(SchemaName.STATUS, record)


def decode(frames: Frames, value: bytes | None) -> Status:
    """The status in `value`; `UndecodableError` when there is none."""
    record = frames.read(SchemaName.STATUS, value)
    policy = record["policy"]
    return Status(
        message_id=MessageId(record["message_id"]),
        agency=AgencyId(record["agency"]),
        incident_id=IncidentId(record["incident_id"]),
        sequence=record["sequence"],
        at=read_moment(record["at"]),
        change=record["change"],
        holder=record["holder"],
        verdict=VERDICTS[record["verdict"]],
        clauses=tuple(record["clauses"]),
        policy=None if policy is None else read_policy(policy),
        transfer_id=TransferId(record["transfer_id"]) if record["transfer_id"] else None,
        destination=DestinationId(record["destination"]) if record["destination"] else None,
        state=record["state"],
        reason=record["reason"],
        practice=record["practice"],
    )
