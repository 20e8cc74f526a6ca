"""Returns: what 911's CAD is told about a call, in bytes and back. An empty id on the wire is none."""

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, MessageId, TransferId
from bridge.domain.message import Return
from bridge.wire.frames import Frames
from bridge.wire.incidents import read_incident, write_incident
from bridge.wire.moments import read_moment, read_optional_moment, write_moment, write_optional_moment
from bridge.wire.reasons import read_policy, read_reasons, write_optional_policy, write_reasons
from bridge.wire.schemas import SchemaName
from bridge.wire.sides import read_leg, read_rescue, write_leg, write_rescue
from bridge.wire.symbols import (
    CHANNELS,
    INDEX_OF_CHANNEL,
    INDEX_OF_RETURN_KIND,
    INDEX_OF_VERDICT,
    RETURN_KINDS,
    VERDICTS,
)


def encode(frames: Frames, message: Return) -> bytes:
    """The frame of a return."""
    facts = message.facts
    record = {
        "message_id": message.message_id,
        "kind": INDEX_OF_RETURN_KIND[message.kind],
        "incident_id": message.incident_id,
        "agency": message.agency,
        "sequence": message.sequence,
        "sent_at": write_moment(message.sent_at),
        "holder": message.holder,
        "verdict": INDEX_OF_VERDICT[message.verdict],
        "reasons": write_reasons(message.reasons),
        "policy": write_optional_policy(message.policy),
        "transfer_id": message.transfer_id or "",
        "destination": message.destination or "",
        "state": message.state,
        "reason": message.reason,
        "text": message.text,
        "outcome": message.outcome,
        "return_to": message.return_to,
        "next_destination": message.next_destination or "",
        "deadline": write_optional_moment(message.deadline),
        "practice": message.practice,
        "say": message.say,
        "retype": message.retype,
        "subject": message.subject,
        "leg": write_leg(message.leg),
        "facts": None if facts is None else ("org.bridge911.Incident", write_incident(facts)),
        "rescue": write_rescue(message.rescue),
        "notice": message.notice,
        "channel": INDEX_OF_CHANNEL[message.channel],
        "channel_code": message.channel_code,
        "learnt": message.learnt,
    }
    return frames.write(SchemaName.RETURN, record)


def decode(frames: Frames, value: bytes | None) -> Return:
    """The return in `value`; `UndecodableError("bad_enum")` for a kind that is new to the reader."""
    record = frames.read(SchemaName.RETURN, value)
    policy, following, facts = record["policy"], record["next_destination"], record["facts"]
    return Return(
        message_id=MessageId(record["message_id"]),
        kind=RETURN_KINDS[record["kind"]],
        agency=AgencyId(record["agency"]),
        incident_id=IncidentId(record["incident_id"]),
        sequence=record["sequence"],
        sent_at=read_moment(record["sent_at"]),
        holder=record["holder"],
        verdict=VERDICTS[record["verdict"]],
        reasons=read_reasons(record["reasons"]),
        policy=None if policy is None else read_policy(policy),
        transfer_id=TransferId(record["transfer_id"]) if record["transfer_id"] else None,
        destination=DestinationId(record["destination"]) if record["destination"] else None,
        state=record["state"],
        reason=record["reason"],
        text=record["text"],
        outcome=record["outcome"],
        return_to=record["return_to"],
        next_destination=DestinationId(following) if following else None,
        deadline=read_optional_moment(record["deadline"]),
        practice=record["practice"],
        say=record["say"],
        retype=record["retype"],
        subject=record["subject"],
        leg=read_leg(record["leg"]),
        rescue=read_rescue(record["rescue"]),
        facts=None if facts is None else read_incident(facts),
        notice=record["notice"],
        channel=CHANNELS[record["channel"]],
        channel_code=record["channel_code"],
        learnt=record["learnt"],
    )
