"""Many waits are over at one instant: lanes share them, none waits for another, each ends once."""

import asyncio

from building import a_record, an_event
from hands import a_lane

from bridge.handling.end_waits import AT_ONCE, end_waits
from bridge.ledger.statements import statement

_OVER = "update transfer set deadline = clock_timestamp() - interval '1 second' where deadline is not null"
_ENDS = "select count(*), count(distinct transfer_id) as once from audit where what = 'signal.deadline'"


async def _offered(lane, calls):
    await lane.reads(*(a_record(an_event(f"INV-{n}", f"e{n}"), n) for n in range(calls)))


async def test_a_second_lane_finds_its_own_while_the_first_works(lane, database, sql):
    """The first has so many under lock as one turn takes; the second gets the others, at once."""
    await _offered(lane, AT_ONCE + 10)
    await sql.execute(_OVER)
    async with a_lane(database, "b") as other, lane.ledger.turn() as first, other.ledger.turn() as second:
        mine = await first.lock_due_incidents(AT_ONCE)
        theirs = await asyncio.wait_for(second.lock_due_incidents(AT_ONCE), 1.9)
    assert (len(mine), len(theirs)) == (AT_ONCE, 10)
    assert not mine.keys() & theirs.keys()


async def test_what_two_lanes_end_at_once_ends_once(lane, database, sql):
    calls = AT_ONCE // 2 + 10
    await _offered(lane, calls)
    await sql.execute(_OVER)
    async with a_lane(database, "b") as other:

        async def sweeps(hands):
            while await end_waits(hands.handling):
                pass

        await asyncio.gather(sweeps(lane), sweeps(other))
    assert tuple(await sql.fetchrow(_ENDS)) == (calls, calls)


async def test_the_longest_over_is_ended_first(lane, sql):
    await _offered(lane, 3)
    await sql.execute(_OVER)
    await sql.execute(
        "update transfer set deadline = deadline - interval '1 minute' where incident_key like '%INV-1'"
    )
    async with lane.ledger.turn() as tx:
        (longest,) = (await tx.lock_due_incidents(1)).values()
    assert longest.incident.incident_id == "INV-1"


async def test_what_is_not_due_is_not_looked_through(lane, sql):
    """The index leads to what is over; otherwise every sweep would read all that waits."""
    await _offered(lane, 5)
    await sql.execute("set enable_seqscan = off")
    plan = await sql.fetch("explain " + statement("lock_due_incidents").replace("$1", "100"))
    told = "\n".join(row[0] for row in plan)
    assert "Index Cond: (deadline <= statement_timestamp())" in told, told
