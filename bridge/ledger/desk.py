"""What the HTTP API asks of the ledger beside its deeds: whose key it is, what was sent, what happened.

Whoever asks knows what is theirs; whatever is another's is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from bridge.domain.ids import AgencyId, DestinationId
from bridge.ledger.connection import connected
from bridge.ledger.ledger import Ledger
from bridge.ledger.statements import statement


@dataclass(frozen=True, slots=True)
class Asker:
    """Who speaks over HTTP: one agency, or one destination. `key` is the name of the key they came with."""

    key: str
    agency: AgencyId | None = None
    destination: DestinationId | None = None

    @property
    def speaker(self) -> str:
        """Whoever it is, the same with each of their keys."""
        return f"911:{self.agency}" if self.agency is not None else f"destination:{self.destination}"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given, to the request with this SHA-256."""

    request: bytes
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a feed: the transaction, number and id of the last message that was seen."""

    written_in: str = "0"
    number: int = 0
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class FeedMessage:
    """One message of a feed, opened, and the cursor behind it."""

    content: bytes
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Happened:
    """One row of a call's time line."""

    at: datetime
    what: str
    transfer_id: str
    from_state: str
    to_state: str
    speaker: str
    said_at: datetime | None
    holder: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as it is listed: everything but the key."""

    name: str
    side: str
    made_at: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    valid: bool


async def asker_of(ledger: Ledger, key_hash: bytes) -> Asker | None:
    """Whose key has this SHA-256, if it is valid now."""
    async with connected(ledger.pool) as connection:
        row = await connection.fetchrow(statement("desk_key"), key_hash)
    return None if row is None else Asker(row["name"], row["agency"], row["destination"])


async def feed(
    ledger: Ledger, asker: Asker, carries: str, after: Cursor | None, most: int
) -> Sequence[FeedMessage]:
    """What was sent after a cursor; without one, what was sent of transfers that are under way."""
    since = after or Cursor()
    sent_to = {"offer": asker.destination, "return": "911", "status": "status"}[carries]
    agency, destination = _side(asker)
    narrow = destination if carries == "status" else None
    async with connected(ledger.pool) as connection:
        rows = await connection.fetch(
            statement("desk_feed"),
            *(carries, sent_to, agency, narrow),
            *(since.written_in, since.number, since.message_id),
            *(most, after is None),
        )
    return [_message(ledger, row) for row in rows]


async def end_of_feeds(ledger: Ledger) -> Cursor:
    """The cursor behind everything that was written until now."""
    async with connected(ledger.pool) as connection:
        return Cursor(await connection.fetchval(statement("desk_now")), 1 << 30, "")


async def is_writable(ledger: Ledger) -> bool:
    """Whether deeds can be written now. LedgerLostError when nobody answers."""
    async with connected(ledger.pool) as connection:
        return bool(await connection.fetchval(statement("desk_writable")))


async def forget_answers(ledger: Ledger, older_than_hours: float) -> None:
    """Forget the answers that were kept for so long."""
    async with connected(ledger.pool) as connection:
        await connection.execute(statement("desk_forget"), older_than_hours)


async def happened(
    ledger: Ledger, incident_key: str, destination: DestinationId | None
) -> Sequence[Happened]:
    """An incident's time line; for a destination, of its own transfers only."""
    async with connected(ledger.pool) as connection:
        rows = await connection.fetch(statement("desk_time_line"), incident_key, destination)
    return [Happened(**{name: row[name] for name in Happened.__slots__}) for row in rows]


async def keys(ledger: Ledger) -> Sequence[KeyRow]:
    """All keys that were ever made, by whose they are."""
    async with connected(ledger.pool) as connection:
        rows = await connection.fetch(statement("desk_keys"))
    return [
        KeyRow(
            row["name"],
            f"agency {row['agency']}" if row["agency"] else f"destination {row['destination']}",
            row["made_at"],
            row["valid_until"],
            row["revoked_at"],
            row["valid"],
        )
        for row in rows
    ]


async def add_key(ledger: Ledger, key_hash: bytes, asker: Asker, days: int | None) -> bool:
    """Add a key; False when this side has two valid ones already."""
    agency, destination = _side(asker)
    async with connected(ledger.pool) as connection:
        added = await connection.fetchval(
            statement("desk_add_key"), key_hash, asker.key, destination, agency, days
        )
    return added is not None


async def revoke_key(ledger: Ledger, name: str) -> bool:
    """Let a key open nothing from now on; False when there is none of this name."""
    async with connected(ledger.pool) as connection:
        return await connection.fetchval(statement("desk_revoke_key"), name) is not None


def _side(asker: Asker) -> tuple[AgencyId | None, DestinationId | None]:
    return asker.agency, asker.destination


def _message(ledger: Ledger, row: asyncpg.Record) -> FeedMessage:
    message_id: str = row["message_id"]
    key = ledger.keys.open_key(row["data_key"], row["key_id"])
    cursor = Cursor(row["written_in"], row["number"], message_id)
    return FeedMessage(key.open(row["content"], message_id.encode()), cursor)
