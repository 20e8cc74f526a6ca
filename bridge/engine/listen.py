"""One listener: a Faust agent that feeds a coalescer and acks what its turns have put into the ledger.

The agent acks by hand, runs once, and fails with its process: its tasks end together, and any end but the
worker's stop is the worker's end. It never raises for bad input, because decoding and turns must not.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Generic, NoReturn, TypeVar, cast

import mode
from faust import Stream
from faust.types import StreamT

from bridge.engine.app import EngineApp
from bridge.engine.batch import Batch, PassThrough, Record
from bridge.engine.coalescing import Coalescer
from bridge.engine.progress import Progress
from bridge.errors import EngineError

T = TypeVar("T")


class Listener(Generic[T]):
    """What one listener has done and has to do; any thread may read it."""

    def __init__(self, name: str, coalescer: Coalescer[T]) -> None:
        self.name = name
        self._coalescer = coalescer

    @property
    def waiting(self) -> int:
        """Records taken and not yet committed."""
        return self._coalescer.waiting

    @property
    def oldest_ms(self) -> int | None:
        """Kafka's timestamp of the oldest record not yet committed."""
        return self._coalescer.oldest_ms

    @property
    def last_progress(self) -> float:
        """When work last moved, seconds of the monotonic clock."""
        return self._coalescer.progress.last

    @property
    def turns(self) -> int:
        return self._coalescer.turns_done

    @property
    def records(self) -> int:
        return self._coalescer.records_done

    def forget(self) -> None:
        self._coalescer.forget()

    async def settled(self) -> None:
        await self._coalescer.settled()


def listen(
    app: EngineApp,
    topics: str | Sequence[str],
    *,
    decode: Callable[[Record], T],
    turn: Callable[[Sequence[Batch[T]]], Awaitable[None]],
    limit: int = 500,
    progress: Progress | None = None,
) -> Listener[T]:
    """Give every record of `topics` to `turn`, at least once, in order per partition.

    `turn` gets up to `limit` records and returns after COMMIT; what it or `decode` raises ends the worker.
    """
    names = (topics,) if isinstance(topics, str) else tuple(topics)
    if limit < app.lane.settings.max_records:
        raise EngineError(
            f"{names[0]}: limit {limit} is below a batch's {app.lane.settings.max_records} records"
        )
    coalescer = Coalescer(
        decode=decode,
        turn=turn,
        limit=limit,
        max_bytes=app.lane.settings.waiting_bytes,
        progress=progress,
    )
    listener = Listener("+".join(names), coalescer)

    async def hear(stream: StreamT[Any]) -> None:
        try:
            await _hear(cast(Stream[Any], stream), coalescer)
        except asyncio.CancelledError:
            if not app.should_stop:
                raise
        if not app.should_stop:
            raise EngineError(f"{listener.name} hears no more: restart the worker")

    app.agent(
        app.topic(*names, schema=PassThrough()),
        name=listener.name,
        concurrency=1,
        supervisor_strategy=mode.CrashingSupervisor,
    )(hear)
    app.lane.listeners.append(listener)
    return listener


async def _hear(stream: Stream[Any], coalescer: Coalescer[Any]) -> None:
    unacked = cast(Stream[Any], stream.noack())
    hearing = asyncio.current_task()
    assert hearing is not None, "a coroutine runs in a task"
    heard_all = False

    async def kept(work: Coroutine[Any, Any, NoReturn]) -> NoReturn:
        """A group does not mind a task of its own that is cancelled: here that is the listener's end."""
        try:
            await work
        except asyncio.CancelledError:
            if heard_all or hearing.cancelling():
                raise
            raise EngineError("a task of a listener was cancelled: restart the worker") from None

    async with asyncio.TaskGroup() as tasks:
        helpers = [tasks.create_task(kept(coalescer.turns())), tasks.create_task(kept(coalescer.watch()))]
        async for event in unacked.events():
            await coalescer.put(cast(Batch[Any], event.value), partial(unacked.ack, event))
        heard_all = True
        for helper in helpers:
            helper.cancel()
