"""What a ledger says, for tests: rows as plain values, messages decoded as their receivers would."""

import asyncpg
from building import FRAMES, KEYS

from bridge.domain.message import Offer, Return, Status
from bridge.wire import offers as wire_offers
from bridge.wire import returns as wire_returns
from bridge.wire import statuses as wire_statuses

_DECODERS = {"offer": wire_offers.decode, "return": wire_returns.decode, "status": wire_statuses.decode}


async def messages(sql: asyncpg.Connection) -> list[Offer | Return | Status]:
    """Everything in the outbox but notices of quarantine, opened and decoded, in its order."""
    rows = await sql.fetch(
        "select o.*, coalesce(o.data_key, i.data_key) as opens from outbox o left join incident i"
        " using (incident_key) where carries <> 'quarantine' order by o.incident_key, o.number"
    )
    return [_DECODERS[row["carries"]](FRAMES, _opened(row)) for row in rows]


def _opened(row: asyncpg.Record) -> bytes:
    return KEYS.open_key(row["opens"], row["key_id"]).open(row["content"], row["message_id"].encode())


async def offers(sql: asyncpg.Connection) -> list[Offer]:
    """What destinations were told."""
    return [message for message in await messages(sql) if isinstance(message, Offer)]


async def returns(sql: asyncpg.Connection) -> list[Return]:
    """What 911 was told."""
    return [message for message in await messages(sql) if isinstance(message, Return)]


async def statuses(sql: asyncpg.Connection) -> list[Status]:
    """What everybody was told."""
    return [message for message in await messages(sql) if isinstance(message, Status)]


async def transfers(sql: asyncpg.Connection) -> list[tuple[str, str, str, str]]:
    """Every transfer: id, destination, state, holder."""
    rows = await sql.fetch(
        "select transfer_id, destination, state, holder from transfer order by incident_key, attempt"
    )
    return [tuple(row) for row in rows]


async def the_holder(sql: asyncpg.Connection) -> str:
    """Who has the only call, by the last audit row."""
    return await sql.fetchval("select holder from audit order by incident_key, number desc limit 1")


async def inbox(sql: asyncpg.Connection, topic: str = "cad.events") -> list[tuple[int, str]]:
    """What became of each record of a topic: its offset and outcome."""
    rows = await sql.fetch(
        "select record_offset, outcome from inbox where topic = $1 order by record_offset", topic
    )
    return [tuple(row) for row in rows]
