"""Invariants 5 and 7 in what is sealed: every sealed text opens with its key and is what was sealed.

A purged incident has no data key; its rows are counted and left alone. Opened bytes are hashed, never kept.
"""

import hashlib

import asyncpg

from bridge.ledger.report import Report
from bridge.ledger.sealing import KeyRing, SealError
from bridge.ledger.snapshot import Reader
from bridge.ledger.statements import statement

_AT_ONCE = 200
_READABLE = (b"\xc3\x01", b'{"')
"""How Avro frames and JSON begin: what does not open and begins so was never sealed."""


async def check_seals(ledger: Reader, keys: KeyRing, report: Report) -> None:
    """Open every message, every incident's state and every quarantined record."""
    async for row in ledger.cursor(statement("verify_messages"), prefetch=_AT_ONCE):
        message: str = row["message_id"]
        opened = _opened(keys, row, row["content"], message.encode(), f"message {message}", 5, report)
        if opened is not None and hashlib.sha256(opened).digest() != row["sha256"]:
            report.add(5, f"bytes are not those of the hash: message {message}")
    async for row in ledger.cursor(statement("verify_snapshots"), prefetch=_AT_ONCE):
        name = f"incident {row['incident_key']}"
        _opened(keys, row, row["snapshot"], b"snapshot", name, 7, report)
    async for row in ledger.cursor(statement("verify_quarantine"), prefetch=_AT_ONCE):
        name = f"quarantine {row['topic']}[{row['partition']}]@{row['record_offset']}"
        opened = _opened(keys, row, row["content"], b"quarantine", name, 7, report)
        if opened is not None and row["whole"] and hashlib.sha256(opened).digest() != row["sha256"]:
            report.add(5, f"bytes are not those of the hash: {name}")


def _opened(
    keys: KeyRing,
    row: asyncpg.Record,
    sealed: bytes,
    place: bytes,
    name: str,
    invariant: int,
    report: Report,
) -> bytes | None:
    if row["data_key"] is None:
        report.count("purged")
        return None
    try:
        return keys.open_key(row["data_key"], row["key_id"]).open(sealed, place)
    except SealError:
        report.add(invariant, f"does not open: {name}")
        if sealed.startswith(_READABLE):
            report.add(7, f"is not sealed: {name}")
        return None
