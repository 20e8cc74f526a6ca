"""What condition a ledger is in, before anybody works with it. Asks, and changes nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from bridge.ledger.connection import translated_errors
from bridge.ledger.migrate import pending
from bridge.ledger.sealing import KeyRing, SealError
from bridge.ledger.statements import statement

OLDEST_VERSION = 140000
"""As `server_version_num` counts."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`missing` names migrations; `newest_opens` is None when nothing is sealed yet, or no key was given."""

    version: str
    version_number: int
    writable: bool
    missing: tuple[str, ...]
    clock_ahead_seconds: float
    newest_opens: bool | None


async def condition_of(dsn: str, keys: KeyRing | None) -> Condition:
    """LedgerLostError when PostgreSQL does not answer, LedgerError when the ledger is of another version."""
    with translated_errors():
        connection = await asyncpg.connect(dsn, timeout=5, command_timeout=10)
        try:
            asked_at = datetime.now(UTC)
            row = await connection.fetchrow(statement("condition"))
            answered_at = datetime.now(UTC)
            assert row is not None, "a query without FROM answers one row"
            done: dict[int, bytes] = {}
            if row["migrated"]:
                rows = await connection.fetch("select number, sha256 from migration")
                done = {step["number"]: bytes(step["sha256"]) for step in rows}
            missing = pending(done)
            newest = (
                None if missing or keys is None else await connection.fetchrow(statement("newest_sealed"))
            )
        finally:
            connection.terminate()
    middle = asked_at + (answered_at - asked_at) / 2
    return Condition(
        version=row["version"],
        version_number=row["version_number"],
        writable=row["writable"],
        missing=tuple(step.name for step in missing),
        clock_ahead_seconds=(row["now"] - middle).total_seconds(),
        newest_opens=None if newest is None or keys is None else _opens(newest, keys),
    )


def _opens(row: asyncpg.Record, keys: KeyRing) -> bool:
    try:
        keys.open_key(row["data_key"], row["key_id"]).open(row["snapshot"], b"snapshot")
    except SealError:
        return False
    return True
