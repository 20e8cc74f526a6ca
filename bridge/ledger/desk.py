"""What the HTTP API asks of the ledger: whose key this is, what was answered before, what may be known.

Whoever asks knows what is theirs; whatever is another's is not there. Answers are kept sealed, in the
transaction of the deed they answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, TransferId
from bridge.ledger.connection import Connection, connected
from bridge.ledger.ledger import Ledger
from bridge.ledger.statements import statement
from bridge.ledger.turns import TurnTransaction

_ANSWER = b"answer"


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
class Found:
    """What a request names, and that the asker may know of. `transfer_id` is the asker's own, or empty."""

    incident_key: str
    agency: AgencyId
    incident_id: IncidentId
    transfer_id: TransferId


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that nobody else works on. `number` is its place, `earlier` what was answered before."""

    number: int
    now: datetime
    earlier: "Kept | None"


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


class DeskTransaction:
    """What a request may do inside its transaction, beside the turn it makes."""

    def __init__(self, ledger: Ledger, tx: TurnTransaction, asker: Asker) -> None:
        self._connection: Connection = tx.connection
        self._ledger = ledger
        self._asker = asker

    async def begin(self, idempotency: str) -> Begun | None:
        """Be the only one under this idempotency key until the end; None when somebody else is."""
        row = await self._connection.fetchrow(statement("desk_begin"), self._asker.speaker, idempotency)
        assert row is not None, "it always answers"
        if not row["locked"]:
            return None
        return Begun(row["number"], row["now"], self._kept(row))

    async def keep(self, idempotency: str, kept: Kept) -> None:
        """Keep what will have been answered once this commits."""
        key = self._ledger.keys.new_key()
        await self._connection.execute(
            statement("desk_keep"),
            self._asker.speaker,
            idempotency,
            kept.request,
            kept.status,
            key.seal(kept.body, _ANSWER),
            key.wrapped,
            key.key_id,
        )

    async def find(self, kind: str, name: str) -> Found | None:
        """What is named, with its incident locked; None where it is not the asker's to know."""
        return _found(
            await self._connection.fetchrow(statement("desk_find"), kind, name, *_side(self._asker))
        )

    def _kept(self, row: asyncpg.Record) -> Kept | None:
        if row["body"] is None:
            return None
        key = self._ledger.keys.open_key(row["data_key"], row["key_id"])
        return Kept(row["request"], row["status"], key.open(row["body"], _ANSWER))


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


def _found(row: asyncpg.Record | None) -> Found | None:
    if row is None:
        return None
    return Found(
        row["incident_key"],
        AgencyId(row["agency"]),
        IncidentId(row["incident_id"]),
        TransferId(row["transfer_id"]),
    )


def _message(ledger: Ledger, row: asyncpg.Record) -> FeedMessage:
    message_id: str = row["message_id"]
    key = ledger.keys.open_key(row["data_key"], row["key_id"])
    cursor = Cursor(row["written_in"], row["number"], message_id)
    return FeedMessage(key.open(row["content"], message_id.encode()), cursor)
