"""Offers: what a destination is sent about a transfer, and how it is read at the other end.

Carries what it is given: what a destination may see was filtered before.
"""

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, MessageId, TransferId
from bridge.domain.message import Offer
from bridge.wire.frames import Frames
from bridge.wire.incidents import read_incident, write_incident
from bridge.wire.moments import read_moment, read_optional_moment, write_moment, write_optional_moment
from bridge.wire.reasons import read_policy, read_reasons, write_policy, write_reasons
from bridge.wire.schemas import SchemaName
from bridge.wire.symbols import (
    INDEX_OF_OFFER_KIND,
    INDEX_OF_TRANSFER_KIND,
    OFFER_KINDS,
    TRANSFER_KINDS,
)


def encode(frames: Frames, offer: Offer) -> bytes:
    """The frame of an offer."""
    facts = offer.facts
    record = {
        "message_id": offer.message_id,
        "transfer_id": offer.transfer_id,
        "sequence": offer.sequence,
        "kind": INDEX_OF_OFFER_KIND[offer.kind],
        "incident_id": offer.incident_id,
        "agency": offer.agency,
        "destination": offer.destination,
        "sent_at": write_moment(offer.sent_at),
        "transfer_kind": INDEX_OF_TRANSFER_KIND[offer.transfer_kind],
        "policy": write_policy(offer.policy),
        "reasons": write_reasons(offer.reasons),
        "deadline": write_optional_moment(offer.deadline),
        "facts": None if facts is None else ("org.bridge911.Incident", write_incident(facts)),
        "reason": offer.reason,
        "answer_topic": offer.answer_topic,
        "practice": offer.practice,
        "subject": offer.subject,
        "state": offer.state,
        "text": offer.text,
        "notice": offer.notice,
    }
    return frames.write(SchemaName.OFFER, record)


def decode(frames: Frames, value: bytes | None) -> Offer:
    """The offer in `value`, for those who receive one.

    `UndecodableError("bad_enum")` for a kind that is new to the reader: it is to be left out.
    """
    record = frames.read(SchemaName.OFFER, value)
    facts = record["facts"]
    return Offer(
        message_id=MessageId(record["message_id"]),
        transfer_id=TransferId(record["transfer_id"]),
        sequence=record["sequence"],
        kind=OFFER_KINDS[record["kind"]],
        agency=AgencyId(record["agency"]),
        incident_id=IncidentId(record["incident_id"]),
        destination=DestinationId(record["destination"]),
        sent_at=read_moment(record["sent_at"]),
        transfer_kind=TRANSFER_KINDS[record["transfer_kind"]],
        policy=read_policy(record["policy"]),
        reasons=read_reasons(record["reasons"]),
        deadline=read_optional_moment(record["deadline"]),
        facts=None if facts is None else read_incident(facts),
        reason=record["reason"],
        answer_topic=record["answer_topic"],
        practice=record["practice"],
        subject=record["subject"],
        state=record["state"],
        text=record["text"],
        notice=record["notice"],
    )
