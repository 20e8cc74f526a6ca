"""Migrations: numbered SQL files, applied in order, forward only, one runner at a time.

Each file runs in a transaction of its own and is remembered with its hash: a file that was applied may
not change afterwards.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import asyncpg

from bridge.errors import LedgerError
from bridge.ledger.connection import translated_errors

_LOCK = 911_0988
_HISTORY = """
create table if not exists migration (
    number int primary key, name text not null, sha256 bytea not null,
    applied_at timestamptz not null default clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the ledger's shape."""

    number: int
    name: str
    text: str

    @property
    def sha256(self) -> bytes:
        """Of the file, to notice one that was edited after it was applied."""
        return hashlib.sha256(self.text.encode()).digest()


def migrations() -> tuple[Migration, ...]:
    """All steps this version of the bridge knows, in order."""
    found = (f for f in files("bridge.ledger").joinpath("migrations").iterdir() if f.name.endswith(".sql"))
    steps = (Migration(int(f.name[:4]), f.name, f.read_text(encoding="utf-8")) for f in found)
    return tuple(sorted(steps, key=lambda step: step.number))


async def migrate(dsn: str) -> tuple[Migration, ...]:
    """Bring the ledger to this version's shape and answer what was applied.

    Raises LedgerError when the ledger is newer than this version, or when an applied file was edited.
    """
    with translated_errors():
        connection = await asyncpg.connect(dsn, timeout=10)
        try:
            await connection.execute("select pg_advisory_lock($1)", _LOCK)
            await connection.execute(_HISTORY)
            done = {
                row["number"]: bytes(row["sha256"])
                for row in await connection.fetch("select number, sha256 from migration")
            }
            missing = pending(done)
            for step in missing:
                async with connection.transaction():
                    await connection.execute(step.text)
                    await connection.execute(
                        "insert into migration (number, name, sha256) values ($1, $2, $3)",
                        step.number,
                        step.name,
                        step.sha256,
                    )
            return missing
        finally:
            await connection.close()


def pending(done: Mapping[int, bytes]) -> tuple[Migration, ...]:
    """What is missing where `done` was applied: hash by number. LedgerError as `migrate` raises it."""
    known = {step.number: step for step in migrations()}
    for number, sha256 in done.items():
        if number not in known:
            raise LedgerError(
                f"the ledger has migration {number}, which this version does not know; upgrade the bridge"
            )
        if known[number].sha256 != sha256:
            raise LedgerError(
                f"{known[number].name} was edited after it was applied; add a new migration instead"
            )
    return tuple(step for number, step in known.items() if number not in done)
