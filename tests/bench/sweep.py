"""The sweep, measured: many transfers wait, some are due together, and the lanes' workers end them.

A real ledger is filled by the verb that records CAD events, so that every snapshot is sealed and every offer
written; the workers are whole processes. A transfer counts as handled when another session sees it ended:
the database is asked again and again which are still due, and its clock says when it answered.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import asyncpg

from tests.bench.filling import fill
from tests.bench.ground import UNSENT, Ground, Servers, new_ground
from tests.bench.loop import machine
from tests.bench.measures import quantile
from tests.bench.workers import Peer, Running, running

LIMIT_S = 2.0
"""No transfer that nobody holds outlives its deadline by more."""

PATIENCE_S = 60.0
_WARM_UP = 20
_SOON_S = 2.0
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """How many wait, how many of them are due together, how many lanes, how often each is measured.

    They are due at one instant (0.0), and evenly over a second, as deadlines of calls are.
    """

    waiting: int = 20_000
    due: int = 2_000
    within_s: tuple[float, ...] = (1.0, 0.0)
    workers: int = 2
    rounds: int = 3


@dataclass(frozen=True, slots=True)
class Late:
    """Seconds after the deadline, by the database's clock."""

    p50: float
    p99: float
    worst: float


@dataclass(frozen=True, slots=True)
class Round:
    """What came of those due together. `handled`: the ledger has it; `told`: 911's message is on Kafka."""

    number: int
    within_s: float
    due: int
    handled: Late
    told: Late
    by_lane: dict[str, int]
    twice: int
    missed: int


@dataclass(frozen=True, slots=True)
class Swept:
    """All rounds."""

    plan: SweepPlan
    machine: dict[str, str]
    limit_s: float
    rounds: tuple[Round, ...]

    @property
    def faults(self) -> int:
        """How many were handled twice or not at all."""
        return sum(each.twice + each.missed for each in self.rounds)

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """For people."""
        plan = self.plan
        yield ", ".join(f"{name} {value}" for name, value in self.machine.items())
        yield f"{plan.waiting:,} transfers wait, {plan.due:,} due together, {plan.workers} lanes"
        for each in self.rounds:
            met = "met" if each.handled.worst <= self.limit_s else "MISSED"
            lanes = ", ".join(f"{lane} {count}" for lane, count in each.by_lane.items())
            yield (
                f"round {each.number}, due within {each.within_s:g} s: "
                f"handled p50 {each.handled.p50:.2f} s, p99 {each.handled.p99:.2f} s, "
                f"worst {each.handled.worst:.2f} s (goal <= {self.limit_s:g} s: {met}); 911 told p99 "
                f"{each.told.p99:.2f} s; by lane {lanes}; twice {each.twice}, missed {each.missed}"
            )


async def measure_sweep(servers: Servers, plan: SweepPlan, say: Callable[[str], None]) -> Swept:
    """Fill a ledger, start the lanes, and let so many be due at once, round after round."""
    async with new_ground(servers, partitions=4) as ground, AsyncExitStack() as ours:
        say(f"filling a ledger with {plan.waiting:,} transfers that wait")
        await fill(ground, plan.waiting)
        sql = await asyncpg.connect(ground.settings.ledger.dsn)
        ours.push_async_callback(sql.close)
        await sql.execute(_ALL_SENT)
        await sql.execute("vacuum analyze")
        workers = ours.enter_context(_lanes(ground, plan.workers))
        say("warming up")
        await _warm(sql, workers)
        rounds = []
        for number in range(1, plan.rounds + 1):
            for within in plan.within_s:
                say(f"round {number} of {plan.rounds}, due within {within:g} s")
                rounds.append(await _round(number, within, sql, plan.due, workers))
    return Swept(plan, machine(), LIMIT_S, tuple(rounds))


class _Lanes(ExitStack):
    """The workers' processes."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[Running] = []

    def check(self) -> None:
        """Raise WorkerEndedError when one of them runs no longer."""
        for each in self.running:
            each.check()


def _lanes(ground: Ground, workers: int) -> _Lanes:
    lanes = _Lanes()
    for lane in "abcdefgh"[:workers]:
        folder = ground.folder / lane
        folder.mkdir()
        own = replace(ground, folder=folder)
        lanes.running.append(lanes.enter_context(running(Peer.BRIDGE, own, "--lane", lane)))
    return lanes


async def _warm(sql: asyncpg.Connection, workers: _Lanes) -> None:
    """Until every lane is at work, and what they did first is through."""
    async with asyncio.timeout(PATIENCE_S):
        while await sql.fetchval(_AT_WORK) < len(workers.running):
            workers.check()
            await asyncio.sleep(_LOOK_EVERY_S)
    due = await _make_due(sql, _WARM_UP, 0.0)
    await _all_ended(sql, due, workers)
    await _all_sent(sql, workers)


async def _round(number: int, within: float, sql: asyncpg.Connection, count: int, workers: _Lanes) -> Round:
    due = await _make_due(sql, count, within)
    late = await _all_ended(sql, due, workers)
    await _all_sent(sql, workers)
    told = [row["late"] for row in await sql.fetch(_TOLD, list(due), list(due.values()))]
    ends = {row["transfer_id"]: row["times"] for row in await sql.fetch(_ENDS, list(due))}
    return Round(
        number,
        within,
        due=len(due),
        handled=_late(late),
        told=_late(told),
        by_lane=await _by_lane(sql, due),
        twice=sum(times > 1 for times in ends.values()),
        missed=len(due) - len(ends),
    )


_Due = dict[str, datetime]
"""Transfers, and when each is due."""


async def _make_due(sql: asyncpg.Connection, count: int, within: float) -> _Due:
    """Let so many be due soon: at one instant, or evenly over so many seconds."""
    begins = await sql.fetchval("select clock_timestamp() + $1::interval", timedelta(seconds=_SOON_S))
    rows = await sql.fetch(_MAKE_DUE, begins, count, within)
    return {row["transfer_id"]: row["deadline"] for row in rows}


async def _all_ended(sql: asyncpg.Connection, due: _Due, workers: _Lanes) -> list[float]:
    """How long after its deadline each was seen to have ended, in seconds."""
    late: list[float] = []
    left, span = set(due), (min(due.values()), max(due.values()))
    async with asyncio.timeout(PATIENCE_S):
        while left:
            workers.check()
            at, still = await sql.fetchrow(_STILL_DUE, *span) or (span[1], [])
            late += [(at - due[each]).total_seconds() for each in left.difference(still)]
            left.intersection_update(still)
            await asyncio.sleep(_LOOK_EVERY_S)
    return late


async def _all_sent(sql: asyncpg.Connection, workers: _Lanes) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await sql.fetchval(UNSENT):
            workers.check()
            await asyncio.sleep(0.1)


async def _by_lane(sql: asyncpg.Connection, due: _Due) -> dict[str, int]:
    rows = await sql.fetch(_BY_LANE, list(due))
    return {row["lane"]: row["count"] for row in rows}


def _late(seconds: Sequence[float]) -> Late:
    ordered = sorted(seconds) or [PATIENCE_S]
    return Late(quantile(ordered, 0.5), quantile(ordered, 0.99), ordered[-1])


_ALL_SENT = "update outbox set state = 'delivered', closed_at = created_at"
_AT_WORK = """
select count(distinct application_name) from pg_stat_activity
where datname = current_database() and application_name like 'bridge _-%'
"""
_MAKE_DUE = """
update transfer t set deadline = $1::timestamptz + make_interval(secs => $3::float8 * nth / $2::int) from (
    select transfer_id, row_number() over (order by md5(transfer_id)) - 1 as nth
    from transfer where state = 'offered' and attempt = 1 order by md5(transfer_id) limit $2::int) chosen
where t.transfer_id = chosen.transfer_id
returning t.transfer_id, t.deadline
"""
_STILL_DUE = """
select clock_timestamp(), coalesce(array_agg(transfer_id), '{}')
from transfer where deadline between $1 and $2
"""
_ENDS = """
select transfer_id, count(*) as times from audit
where transfer_id = any($1::text[]) and what = 'signal.deadline' group by transfer_id
"""
_TOLD = """
select extract(epoch from max(closed_at) - min(due.at))::float8 as late
from outbox o join unnest($1::text[], $2::timestamptz[]) as due (transfer_id, at) using (transfer_id)
where carries = 'return' and created_at >= due.at group by o.transfer_id
"""
_BY_LANE = """
select split_part(leased_by, '-', 1) as lane, count(distinct transfer_id) as count from outbox
where transfer_id = any($1::text[]) and carries = 'return' and leased_by is not null group by 1 order by 1
"""
