"""The audit's hash chain: each row of an incident vouches for the one before it.

A row is hashed over its fields in a fixed order, length-prefixed so that no two rows read the same.
The incident keeps the head and the count, so that a missing tail is noticed too.
"""

import hashlib
import struct
from dataclasses import replace
from datetime import UTC, datetime

from bridge.ledger.rows import AuditRow, LockedIncident

_LENGTH = struct.Struct(">I")


def link(held: LockedIncident, row: AuditRow) -> AuditRow:
    """`row`, which has the next number, as the next link of the incident's chain; moves the chain's head."""
    held.audit_number, held.audit_head = row.number, digest(held.audit_head, row)
    return replace(row, hash=held.audit_head)


def digest(previous: bytes, row: AuditRow) -> bytes:
    """SHA-256 over the previous hash and this row. Times count in microseconds since 1970, UTC."""
    texts = (
        row.incident_key,
        str(row.number),
        _instant(row.at),
        row.what,
        row.holder,
        row.transfer_id,
        row.from_state,
        row.to_state,
        row.signal_id,
        row.speaker,
        _instant(row.said_at) if row.said_at is not None else "",
        "\x1f".join(row.clauses),
        row.reason,
    )
    hasher = hashlib.sha256(previous)
    for text in texts:
        encoded = text.encode()
        hasher.update(_LENGTH.pack(len(encoded)))
        hasher.update(encoded)
    return hasher.digest()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _instant(at: datetime) -> str:
    delta = at - _EPOCH
    return str((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds)
