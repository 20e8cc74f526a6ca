"""What arrives while a turn runs joins the next one; acks follow the turn; nothing stalls unseen."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from time import perf_counter

import pytest
from aiokafka import ConsumerRecord
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.engine.batch import Batch, Record
from bridge.engine.coalescing import Coalescer
from bridge.engine.progress import Progress
from bridge.errors import EngineError


def batch(first: int, count: int = 1, *, topic: str = "t", partition: int = 0, size: int = 10) -> Batch[None]:
    def record(offset: int) -> Record:
        value = b"%0*d" % (size, offset)
        return ConsumerRecord(topic, partition, offset, 1000 + offset, 0, None, value, None, 0, size, ())

    return Batch(topic, partition, [record(offset) for offset in range(first, first + count)])


class Desk:
    """A coalescer with a turn the test opens, and everything that happened in order."""

    def __init__(
        self, *, limit: int = 500, max_bytes: int = 1 << 20, progress: Progress | None = None
    ) -> None:
        self.happened: list[tuple[str, object]] = []
        self.turns: list[list[Batch[int]]] = []
        self.open = asyncio.Event()
        self.began = asyncio.Event()
        self.coalescer: Coalescer[int] = Coalescer(
            decode=self.decode, turn=self.turn, limit=limit, max_bytes=max_bytes, progress=progress
        )

    def decode(self, record: Record) -> int:
        self.happened.append(("decoded", record.offset))
        return record.offset

    async def turn(self, batches: Sequence[Batch[int]]) -> None:
        self.turns.append(list(batches))
        self.began.set()
        await self.open.wait()
        self.happened.append(("committed", [one.last_offset for one in batches]))

    async def ack(self, one: Batch[None]) -> None:
        self.happened.append(("acked", one.last_offset))

    async def put(self, one: Batch[None]) -> None:
        await self.coalescer.put(one, partial(self.ack, one))


@asynccontextmanager
async def working(desk: Desk) -> AsyncIterator[Desk]:
    task = asyncio.create_task(desk.coalescer.turns())
    try:
        yield desk
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(ready: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not ready():  # noqa: ASYNC110 - many things may make it true
            await asyncio.sleep(0)


async def test_what_arrives_during_a_turn_joins_the_next_one() -> None:
    async with working(Desk()) as desk:
        await desk.put(batch(0))
        await desk.began.wait()
        await desk.put(batch(1, 3))
        await desk.put(batch(0, 2, partition=1))
        await desk.put(batch(0, 2, topic="u"))
        assert desk.coalescer.waiting == 8
        assert desk.coalescer.oldest_ms == 1000
        desk.open.set()
        await until(lambda: desk.coalescer.waiting == 0)
    assert [[len(one) for one in turn] for turn in desk.turns] == [[1], [3, 2, 2]]
    assert desk.turns[1][0].decoded == [1, 2, 3]
    assert desk.coalescer.oldest_ms is None
    assert (desk.coalescer.turns_done, desk.coalescer.records_done) == (2, 8)


async def test_acks_follow_the_commit_in_order() -> None:
    async with working(Desk()) as desk:
        desk.open.set()
        for first in (0, 2, 4):
            await desk.put(batch(first, 2))
        await until(lambda: desk.coalescer.waiting == 0)
    kinds = [what for what in desk.happened if what[0] != "decoded"]
    committed: list[int] = []
    for kind, what in kinds:
        if kind == "committed":
            committed += what  # type: ignore[operator]
        else:
            assert what in committed, "acked before the turn returned"
    assert [what for kind, what in kinds if kind == "acked"] == [1, 3, 5]


async def test_the_next_batch_is_decoded_while_a_turn_runs() -> None:
    async with working(Desk()) as desk:
        await desk.put(batch(0))
        await desk.began.wait()
        await desk.put(batch(1))
        assert ("decoded", 1) in desk.happened
        assert not any(kind == "committed" for kind, _ in desk.happened)


@settings(max_examples=60, deadline=None)
@given(
    arrivals=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10)), max_size=40),
    limit=st.integers(10, 25),
)
async def test_order_is_kept_per_partition_and_turns_keep_their_limit(
    arrivals: list[tuple[int, int]], limit: int
) -> None:
    ends: dict[int, int] = defaultdict(int)
    async with working(Desk(limit=limit)) as desk:
        desk.open.set()
        for partition, count in arrivals:
            await desk.put(batch(ends[partition], count, partition=partition))
            ends[partition] += count
        await until(lambda: desk.coalescer.waiting == 0)
    assert all(sum(len(one) for one in turn) <= limit for turn in desk.turns)
    for partition, end in ends.items():
        read = [
            offset
            for turn in desk.turns
            for one in turn
            if one.partition == partition
            for offset in one.decoded
        ]
        assert read == list(range(end))


async def test_no_more_is_taken_than_two_turns_hold() -> None:
    async with working(Desk(limit=10)) as desk:
        await desk.put(batch(0))
        await desk.began.wait()
        await desk.put(batch(1, 10))
        await desk.put(batch(11, 10))
        third = asyncio.create_task(desk.put(batch(21)))
        await asyncio.sleep(0.01)
        assert not third.done()
        desk.open.set()
        await third
        await until(lambda: desk.coalescer.waiting == 0)


async def test_large_records_are_bounded_by_bytes_and_one_always_fits() -> None:
    async with working(Desk(max_bytes=100)) as desk:
        await desk.put(batch(0))
        await desk.began.wait()
        await desk.put(batch(1, size=1000))
        second = asyncio.create_task(desk.put(batch(2, size=10)))
        await asyncio.sleep(0.01)
        assert not second.done()
        desk.open.set()
        await second


async def test_forgotten_batches_never_reach_a_turn() -> None:
    async with working(Desk(limit=10)) as desk:
        await desk.put(batch(0))
        await desk.began.wait()
        await desk.put(batch(1, 10))
        await desk.put(batch(11, 10))
        late = asyncio.create_task(desk.put(batch(21)))
        await asyncio.sleep(0)
        desk.coalescer.forget()
        await late
        assert desk.coalescer.waiting == 1, "only the running turn's"
        desk.open.set()
        await desk.coalescer.settled()
        await desk.put(batch(1, 10))
        await until(lambda: desk.coalescer.waiting == 0)
    assert [one.first_offset for turn in desk.turns for one in turn] == [0, 1]


async def test_settled_waits_for_the_running_turn_only() -> None:
    async with working(Desk()) as desk:
        await desk.coalescer.settled()
        await desk.put(batch(0))
        await desk.began.wait()
        settled = asyncio.create_task(desk.coalescer.settled())
        await asyncio.sleep(0)
        assert not settled.done()
        desk.open.set()
        await settled
        assert ("acked", 0) in desk.happened


async def test_a_turn_that_raises_ends_the_turns_and_acks_nothing() -> None:
    async def turn(_batches: Sequence[Batch[int]]) -> None:
        raise ValueError("no")

    desk = Desk()
    coalescer: Coalescer[int] = Coalescer(decode=desk.decode, turn=turn)
    turns = asyncio.create_task(coalescer.turns())
    await coalescer.put(batch(0), partial(desk.ack, batch(0)))
    with pytest.raises(ValueError, match="no"):
        await turns
    assert ("acked", 0) not in desk.happened


async def test_a_batch_larger_than_a_turn_is_refused() -> None:
    with pytest.raises(EngineError, match="a turn takes 2"):
        await Desk(limit=2).put(batch(0, 3))


async def test_decoding_a_big_batch_gives_the_loop_back() -> None:
    def slow(_record: Record) -> int:
        until = perf_counter() + 0.001
        while perf_counter() < until:
            pass
        return 0

    async def turn(_batches: Sequence[Batch[int]]) -> None:
        return

    coalescer: Coalescer[int] = Coalescer(decode=slow, turn=turn)
    putting = asyncio.create_task(coalescer.put(batch(0, 100), partial(Desk().ack, batch(0))))
    beats = 0
    while not putting.done():
        await asyncio.sleep(0)
        beats += 1
    assert beats >= 10


async def test_waiting_work_that_does_not_move_is_an_error() -> None:
    now = 100.0
    progress = Progress(stall_s=0.05, retry_s=3.0, clock=lambda: now)
    async with working(Desk(progress=progress)) as desk:
        watch = asyncio.create_task(desk.coalescer.watch())
        now += 50
        await asyncio.sleep(0.02)
        assert not watch.done(), "nothing waits"
        await desk.put(batch(0))
        await desk.began.wait()
        now += 0.04
        await asyncio.sleep(0.02)
        assert not watch.done()
        now += 0.02
        with pytest.raises(EngineError, match="1 records wait"):
            await asyncio.wait_for(watch, 5)


def test_a_turn_that_retries_is_given_time_but_not_for_ever() -> None:
    now = 0.0
    progress = Progress(stall_s=5, retry_s=25, clock=lambda: now)
    for now in (4.0, 8.0, 12.0, 16.0, 20.0, 24.0):  # noqa: B007
        assert not progress.stalled()
        progress.retrying()
    now = 26.0
    assert progress.stalled()
    progress.moved()
    assert not progress.stalled()
    now = 31.1
    assert progress.stalled(), "silent"


def test_a_batch_shows_its_place_and_nothing_it_says() -> None:
    said = batch(3, 2).saying(["canary", "canary"])
    assert repr(said) == "<Batch t/0 3..4>"
    assert (said.next_offset, said.size_bytes, said.oldest_ms) == (5, 20, 1003)
