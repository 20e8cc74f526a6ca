"""The two measures: how fast a backlog is drained, and how long an offer takes at a steady rate.

Drain: everything is on the topic before the worker starts; the clock is the database's and runs from the
first inbox row, so that starting costs nothing: to the beginning of the last turn over the events of all
turns before it, and to the last offer marked delivered. Latency: from handing an event to our producer to
reading the offer from the hotline's topic, both in this process.
"""

import asyncio
import gc
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from bridge.wire.frames import Frames
from tests.bench.ground import Ground, Servers, new_ground
from tests.bench.load import Call, Heard, calls, listening, send_at, store
from tests.bench.workers import Peer, Running, running

PATIENCE_S = 60.0
"""Nothing moves for this long, or an offer does not come: it is lost."""

_WARM_UP = 40
_WARM_RATE = 20.0
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Delivery:
    """Offers that had to come, did not come, and came more than once."""

    expected: int
    lost: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Drain:
    """Events a second until the ledger had all, and until the last offer was marked delivered."""

    events: int
    to_ledger: float
    to_hotline: float
    turns: int
    cpu_us: float
    """Processor time of the worker for one event, microseconds, all messages sent."""
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Latency:
    """From produce to the offer read, milliseconds."""

    rate: int
    p50: float
    p99: float
    worst: float
    delivery: Delivery


async def measure_drain(peer: Peer, servers: Servers, *, events: int, partitions: int) -> Drain:
    """Drain a backlog with one worker."""
    async with new_ground(servers, partitions) as ground:
        backlog = calls(Frames(), events, ground.name)
        await store(ground.settings, backlog)
        ledger = await asyncpg.connect(ground.settings.ledger.dsn)
        try:
            with running(peer, ground) as worker:
                await _until(worker, ledger, _ANY_READ, 1)
                cpu_s = worker.cpu_s()
                await _until(worker, ledger, _READ, events)
                await _until(worker, ledger, _SENT, 1)
                cpu_s = worker.cpu_s() - cpu_s
            times = await ledger.fetchrow(_TIMES)
        finally:
            await ledger.close()
        assert times is not None
        return Drain(
            events,
            to_ledger=times["before_last"] / times["to_last"],
            to_hotline=events / times["to_sent"],
            turns=times["turns"],
            cpu_us=cpu_s / events * 1e6,
            delivery=await _delivered(ground, backlog),
        )


async def measure_latencies(
    peer: Peer, servers: Servers, *, rates: Sequence[int], seconds: float, partitions: int
) -> list[Latency]:
    """Send at one rate after the other to one worker; each rate begins when the one before is through."""
    frames = Frames()
    async with new_ground(servers, partitions) as ground:
        with running(peer, ground) as worker:
            async with listening(ground.settings, ground.offers) as heard:
                warm = calls(frames, _WARM_UP, f"{ground.name}-warm")
                await _paced(ground, worker, heard, warm, _WARM_RATE)
                found = []
                for rate in rates:
                    paced = calls(frames, round(rate * seconds), f"{ground.name}-{rate}")
                    sent_at = await _paced(ground, worker, heard, paced, rate)
                    found.append(_latency(rate, paced, sent_at, heard))
                return found


async def _paced(
    ground: Ground, worker: Running, heard: Heard, paced: Sequence[Call], rate: float
) -> dict[bytes, float]:
    gc.collect()
    gc.freeze()  # this process's own pauses are nobody's latency
    sent_at = await send_at(ground.settings, paced, rate)
    await heard.all_of({call.key for call in paced if call.offered}, PATIENCE_S)
    worker.check()
    return sent_at


def _latency(rate: int, paced: Sequence[Call], sent_at: dict[bytes, float], heard: Heard) -> Latency:
    offered = [call.key for call in paced if call.offered]
    took = sorted((heard.at[key] - sent_at[key]) * 1000 for key in offered if key in heard.at)
    if not took:
        took = [PATIENCE_S * 1000]
    return Latency(rate, quantile(took, 0.5), quantile(took, 0.99), took[-1], _delivery(paced, heard))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of `ordered` lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def _delivered(ground: Ground, backlog: Sequence[Call]) -> Delivery:
    async with listening(ground.settings, ground.offers) as heard:
        await heard.all_of({call.key for call in backlog if call.offered}, PATIENCE_S)
        return _delivery(backlog, heard)


def _delivery(sent: Sequence[Call], heard: Heard) -> Delivery:
    offered = {call.key for call in sent if call.offered}
    return Delivery(
        len(offered),
        lost=len(offered - heard.at.keys()),
        repeated=sum(heard.times[call.key] - call.offered for call in sent if call.key in heard.at),
    )


_ANY_READ = "select count(*) from position"
_READ = "select coalesce(sum(next_offset), 0) from position"
_SENT = "select (not exists (select 1 from outbox where state in ('pending', 'leased', 'retry')))::int"
_TIMES = """
with turn as (select min(received_at) as began, count(*) as events from inbox group by xmin::text),
     last as (select began, events from turn order by began desc limit 1),
     first as (select min(began) as began from turn)
select (select sum(events) from turn)::int - last.events as before_last,
       (select count(*) from turn) as turns,
       extract(epoch from last.began - first.began)::float8 as to_last,
       extract(epoch from (select max(closed_at) from outbox where carries = 'offer') - first.began)::float8
           as to_sent
from first, last
"""


async def _until(worker: Running, ledger: asyncpg.Connection, question: str, wanted: int) -> None:
    """Ask until the answer is `wanted`; the answer must move now and then."""
    before, patience = -1, PATIENCE_S
    while (now := await ledger.fetchval(question)) < wanted:
        worker.check()
        patience = PATIENCE_S if now != before else patience - _LOOK_EVERY_S
        if patience <= 0:
            raise TimeoutError(f"{worker.peer}: nothing moved for {PATIENCE_S:.0f} s, {now} of {wanted}")
        before = now
        await asyncio.sleep(_LOOK_EVERY_S)
