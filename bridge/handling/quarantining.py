"""Records nobody can read: kept sealed, announced without their content, and 911 is told.

Any record on the CAD topic may be a live call, so 911 hears of each one that the bridge could not read.
"""

import hashlib
from collections.abc import Sequence

from bridge.domain.ids import NINE_ONE_ONE, AgencyId, IncidentId
from bridge.domain.message import Quarantined, Return, ReturnKind
from bridge.domain.record import UnreadableRecord
from bridge.handling.turn import Turn, message_id


async def quarantine(turn: Turn, records: Sequence[UnreadableRecord], *, tell_911: bool = True) -> None:
    """Keep `records` and send word of those that were not kept before."""
    digests = [hashlib.sha256(record.content or b"").digest() for record in records]
    kept = await turn.tx.quarantine(records, digests)
    for index in kept:
        _announce(turn, records[index], digests[index], tell_911=tell_911)
    turn.quarantined.extend(records[index].reason for index in kept)


def _announce(turn: Turn, record: UnreadableRecord, digest: bytes, *, tell_911: bool) -> None:
    place = record.place
    where = f"{place.topic}/{place.partition}/{place.offset}"
    key = turn.tx.new_key()
    notice = Quarantined(
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        reason=record.reason,
        length=len(record.content or b""),
        sha256=digest.hex(),
        received_at=turn.now,
    )
    addresses = turn.handling.addresses
    turn.send_unbound(
        notice,
        carries="quarantine",
        kind=record.reason,
        address=addresses.quarantine,
        order_key=where,
        number=1,
        key=key,
    )
    if tell_911:
        warning = Return(
            message_id=message_id(where, 2),
            kind=ReturnKind.UNREADABLE,
            agency=AgencyId(""),
            incident_id=_incident_of(record),
            sequence=0,
            sent_at=turn.now,
            holder=NINE_ONE_ONE,
            reason=record.reason,
            text=where,
        )
        turn.send_unbound(
            warning,
            carries="return",
            kind=ReturnKind.UNREADABLE.value,
            address=addresses.returns,
            order_key=f"{where}|911",
            number=2,
            key=key,
        )


def _incident_of(record: UnreadableRecord) -> IncidentId:
    """The record's key, when it reads like an incident's number; a key can be garbage too."""
    try:
        text = (record.key or b"").decode("ascii")
    except UnicodeDecodeError:
        return IncidentId("")
    plausible = len(text) <= 200 and text.isprintable()
    return IncidentId(text if plausible else "")
