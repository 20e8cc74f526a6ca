"""While one turn runs, whatever arrives joins the next one. No timer, no linger.

At low load a turn is one event; at high load it grows by itself up to `limit` records, all partitions and
topics of one listener together, in order. Decoding happens on arrival, while the ledger works on the turn
before. Knows neither Kafka nor Faust: it is given batches with their acks, and acks them after the turn.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic, NoReturn, TypeVar

from bridge.engine.batch import Batch, Record
from bridge.engine.progress import Progress
from bridge.errors import EngineError

T = TypeVar("T")

#: Decoding gives the loop back after this many seconds.
SLICE_S = 0.005


@dataclass(frozen=True, slots=True)
class Waiting(Generic[T]):
    """A decoded batch and how to ack it."""

    batch: Batch[T]
    ack: Callable[[], Awaitable[object]]
    size_bytes: int


class Coalescer(Generic[T]):
    """Feeds one turn at a time. `put` and `turns` run in two tasks that somebody watches."""

    def __init__(
        self,
        *,
        decode: Callable[[Record], T],
        turn: Callable[[Sequence[Batch[T]]], Awaitable[None]],
        limit: int = 500,
        max_bytes: int = 64 * 1024 * 1024,
        progress: Progress | None = None,
    ) -> None:
        self.progress = progress or Progress()
        self.turns_done = 0
        self.records_done = 0
        self._decode = decode
        self._turn = turn
        self._limit = limit
        self._max_bytes = max_bytes
        self._queue: deque[Waiting[T]] = deque()
        self._running: list[Waiting[T]] = []
        self._queued_records = 0
        self._queued_bytes = 0
        self._generation = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def waiting(self) -> int:
        """Records taken and not yet committed, those of the running turn included."""
        return self._queued_records + sum(len(one.batch) for one in self._running)

    @property
    def oldest_ms(self) -> int | None:
        """Kafka's timestamp of the oldest record not yet committed; None when none waits."""
        return min((one.batch.oldest_ms for one in (*self._running, *self._queue)), default=None)

    async def put(self, batch: Batch[Any], ack: Callable[[], Awaitable[object]]) -> None:
        """Decode a batch and let it join the next turn; waits while there is no room.

        A batch that `forget` overtakes while it waits or is decoded is dropped unacked.
        """
        if len(batch) > self._limit:
            raise EngineError(f"a batch of {len(batch)} records, a turn takes {self._limit}")
        generation, size = self._generation, batch.size_bytes
        while not self._fits(len(batch), size) and generation == self._generation:
            self._room.clear()
            await self._room.wait()
        decoded = await self._say(batch)
        if generation != self._generation:
            return
        if not self._queue and not self._running:
            self.progress.moved()
        self._queue.append(Waiting(batch.saying(decoded), ack, size))
        self._queued_records += len(batch)
        self._queued_bytes += size
        self._arrived.set()

    async def turns(self) -> NoReturn:
        """Run turns for ever. What a turn raises is raised here: it is the worker's end."""
        while True:
            await self._arrived.wait()
            self._take()
            if not self._running:
                continue
            self._settled.clear()
            try:
                await self._turn([one.batch for one in self._running])
                for one in self._running:
                    await one.ack()
            finally:
                self._settled.set()
            self.turns_done += 1
            self.records_done += sum(len(one.batch) for one in self._running)
            self._running = []
            self.progress.moved()

    async def watch(self) -> NoReturn:
        """Raise EngineError when records wait and nothing moves."""
        while True:
            await asyncio.sleep(self.progress.stall_s / 10)
            if (self._queue or self._running) and self.progress.stalled():
                raise EngineError(f"{self.waiting} records wait and nothing moves: restart")

    def forget(self) -> None:
        """Drop what has not entered a turn: its reading has ended and it will be read again."""
        self._generation += 1
        self._queue.clear()
        self._queued_records = self._queued_bytes = 0
        self._arrived.clear()
        self._room.set()

    async def settled(self) -> None:
        """Wait until no turn runs. The caller bounds it."""
        await self._settled.wait()

    def _fits(self, records: int, size: int) -> bool:
        return not self._queue or (
            self._queued_records + records <= 2 * self._limit and self._queued_bytes + size <= self._max_bytes
        )

    async def _say(self, batch: Batch[Any]) -> list[T]:
        decode, said = self._decode, []
        until = perf_counter() + SLICE_S
        for record in batch.records:
            said.append(decode(record))
            if perf_counter() > until:
                await asyncio.sleep(0)
                until = perf_counter() + SLICE_S
        return said

    def _take(self) -> None:
        taken = 0
        while self._queue and taken + len(self._queue[0].batch) <= self._limit:
            one = self._queue.popleft()
            taken += len(one.batch)
            self._queued_bytes -= one.size_bytes
            self._running.append(one)
        self._queued_records -= taken
        if not self._queue:
            self._arrived.clear()
        self._room.set()
