"""The ledger's connection is lost in the middle of a turn: everything is applied, and applied once."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from building import a_heard_signal, a_record, a_signal, an_event, rules
from hands import a_lane
from reading import inbox, messages, transfers

from bridge.domain.signal import SignalKind
from bridge.errors import LedgerLostError
from bridge.handling.end_waits import end_waits
from tests.faults.proxy import CutsCommits

TIMES = (1, 3)


@asynccontextmanager
async def cutting(database: str) -> AsyncIterator[CutsCommits]:
    """A way to this ledger that can lose the answers of COMMITs."""
    with tempfile.TemporaryDirectory(prefix="cut") as folder:  # a socket's path must be short
        async with CutsCommits(database, Path(folder), mentions=b"") as way:
            yield way


@pytest.mark.parametrize("times", TIMES)
async def test_an_event_is_applied_once_however_often_its_commit_goes_unheard(database, sql, times):
    async with cutting(database) as way, a_lane(way.dsn) as hands:
        way.cut_next(times)
        await hands.reads(a_record(an_event(), 0))
        assert way.cut == times
    assert await inbox(sql) == [(0, "applied")]
    assert len(await transfers(sql)) == 1 and len(await messages(sql)) == 4
    assert [tuple(row) for row in await sql.fetch("select next_offset from position")] == [(1,)]


@pytest.mark.parametrize("times", TIMES)
async def test_a_signal_is_heard_once_however_often_its_commit_goes_unheard(database, sql, times):
    async with cutting(database) as way, a_lane(way.dsn) as hands:
        await hands.reads(a_record(an_event(), 0))
        way.cut_next(times)
        await hands.hears(a_heard_signal(a_signal(SignalKind.DECLINED), 0))
        assert way.cut == times
    assert [state for _, _, state, _ in await transfers(sql)] == ["declined", "offered"]
    assert await sql.fetchval("select count(*) from audit where what = 'signal.declined'") == 1


async def test_messages_of_a_commit_nobody_heard_of_are_left_to_the_sweep(database, sql):
    async with cutting(database) as way, a_lane(way.dsn) as hands:
        way.cut_next()
        await hands.reads(a_record(an_event(), 0))
        assert hands.post.messages == []
        await sql.execute("update outbox set lease_until = clock_timestamp()")
        swept = await hands.ledger.claim_due_messages(lease=3.0, without=(), limit=10)
    first_of_each = await sql.fetch(
        "select distinct on (order_key) message_id from outbox order by order_key, number"
    )
    assert {message.message_id for message in swept} == {row["message_id"] for row in first_of_each}


async def test_a_wait_whose_end_goes_unheard_has_ended_once(database, sql):
    async with cutting(database) as way, a_lane(way.dsn, given=rules(scale=0.001)) as hands:
        await hands.reads(a_record(an_event(), 0))
        lost = 0
        async with asyncio.timeout(10):
            while await sql.fetchval("select count(*) from transfer where not ended"):
                way.cut_next(0 if lost else 1)
                try:
                    await end_waits(hands.handling)
                except LedgerLostError:
                    lost += 1
    assert lost == 1
    assert await sql.fetchval("select count(*) from audit where what = 'signal.deadline'") == 2


async def test_a_killed_backend_is_retried(lane, sql):
    """The server ends our session while the turn waits for a lock that somebody else holds."""
    await lane.reads(a_record(an_event(), 0))
    async with sql.transaction():
        await sql.execute("select 1 from incident for update")
        turn = asyncio.create_task(lane.reads(a_record(an_event(event="e2", note="HE IS COLD"), 1)))
        async with asyncio.timeout(10):
            while not await sql.fetchval(  # noqa: ASYNC110 - the server's state
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock'"
            ):
                await asyncio.sleep(0.01)
    await turn
    assert await inbox(sql) == [(0, "applied"), (1, "applied")]
    assert await sql.fetchval("select version from incident") == 2
    assert b"bridge_ledger_lost_total 1.0" in lane.handling.metrics.exposition()


async def test_a_ledger_that_stays_away_is_given_up_after_its_bound(database):
    async with cutting(database) as way, a_lane(way.dsn, lost_retry_seconds=0.2) as hands:
        way.cut_next(100)
        with pytest.raises(LedgerLostError):
            await hands.reads(a_record(an_event(), 0))
