"""How destinations are just now, and which calls wait for one of them, as rows, read and written."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import asyncpg

from bridge.domain.ids import DestinationId
from bridge.domain.presence import Presence, QueueState
from bridge.ledger.connection import Connection
from bridge.ledger.rows import Changes
from bridge.ledger.snapshot import reader
from bridge.ledger.statements import statement


async def load_presences(
    connection: Connection, counted: Collection[DestinationId]
) -> dict[DestinationId, Presence]:
    """What is known of every destination that was ever heard; calls are counted of those in `counted`."""
    rows = await connection.fetch(statement("load_presences"), list(counted))
    return {DestinationId(row["destination"]): _presence(row) for row in rows}


async def presences_of(dsn: str) -> tuple[Mapping[DestinationId, Presence], datetime]:
    """The same for who only looks, and the database's time; nothing of a ledger that is older than this."""
    async with reader(dsn) as connection:
        now: datetime = await connection.fetchval("select clock_timestamp()")
        if not await connection.fetchval("select to_regclass('presence') is not null"):
            return {}, now
        rows = await connection.fetch(statement("load_presences"), [])
    return {DestinationId(row["destination"]): _presence(row) for row in rows}, now


async def lock_presences(
    connection: Connection, names: Iterable[DestinationId]
) -> dict[DestinationId, Presence]:
    """Lock what is known of these destinations, until the transaction ends. Calls are not counted."""
    rows = await connection.fetch(statement("lock_presences"), sorted(set(names)))
    return {DestinationId(row["destination"]): _presence(row) for row in rows}


async def write_presences(connection: Connection, changes: Changes) -> None:
    """Write what destinations said, and which of them could not be asked about a call."""
    if changes.presences:
        columns = [list(each) for each in zip(*map(_row, changes.presences.items()), strict=True)]
        await connection.execute(statement("write_presences"), *columns)
    if changes.passed_over:
        joined = [",".join(names) for names in changes.passed_over.values()]
        await connection.execute(statement("write_passed_over"), list(changes.passed_over), joined)


async def ask_again(
    connection: Connection, able: Collection[DestinationId], no_room: Collection[str], limit: int
) -> None:
    """Calls that could not be offered to one that is `able` now are due to be screened again.

    `no_room` are the reasons with which somebody declines until it says that it is back.
    """
    await connection.execute(statement("ask_again"), list(able), list(no_room), limit)


def _presence(row: asyncpg.Record) -> Presence:
    return Presence(
        queue=QueueState(row["queue"] or QueueState.ACTIVE),
        staffed=row["staffed"] is not False,
        stated_wait=row["stated_wait"],
        away_from=row["away_from"],
        away_until=row["away_until"],
        heard_at=row["heard_at"],
        stated_at=row["stated_at"],
        said_at=row["said_at"],
        open_calls=row["open_calls"],
    )


def _row(change: tuple[DestinationId, Presence]) -> tuple[object, ...]:
    name, presence = change
    return (
        name,
        presence.queue.value,
        presence.staffed,
        presence.stated_wait,
        presence.away_from,
        presence.away_until,
        presence.heard_at,
        presence.stated_at,
        presence.said_at,
    )
