"""The relay: sends what the ledger says must be sent, each destination by itself.

Whoever leases a message sends it; a lease is trusted for less than it lasts, counted from when it was
asked for. What a dead worker left is found by a sweep of the ledger. A destination that does not answer
fills its own queue only: what does not fit stays in the ledger and comes back with the sweep.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from bridge.channels.contract import Channel, Outgoing, Receipt
from bridge.domain.delivery import DeliveryState
from bridge.errors import ChannelError, EngineError, LedgerLostError
from bridge.ledger.ledger import Ledger
from bridge.ledger.rows import ClosedDelivery, DeliveryResult, LeasedMessage
from bridge.metrics import Metrics

_BATCH = 500
_ROOM = 1000  # more would wait longer than its lease is trusted when everything is slow
_TRUST = 0.7
_WAIT_FOR_ROOM = 1.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 30.0
_SWEEP_LIMIT = 500

Failed = Callable[[Sequence[ClosedDelivery]], Awaitable[None]]


@dataclass(slots=True)
class _Way:
    """One destination's queue of messages this worker has leased.

    `held` says of each that waits or is being sent until when its lease is trusted: what a sweep leases
    anew while we still have it is not sent twice.
    """

    destination: str
    waiting: deque[LeasedMessage] = field(default_factory=deque)
    held: dict[str, float] = field(default_factory=dict)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    answering: bool = True

    def take(self) -> list[LeasedMessage]:
        """What is waiting and still ours, at most a batch."""
        now = time.monotonic()
        batch: list[LeasedMessage] = []
        while self.waiting and len(batch) < _BATCH:
            message = self.waiting.popleft()
            if now < self.held[message.message_id]:
                batch.append(message)
            else:
                del self.held[message.message_id]
        if not self.waiting:
            self.arrived.clear()
        if len(self.waiting) < _ROOM:
            self.room.set()
        return batch

    def let_go(self, batch: Sequence[LeasedMessage]) -> None:
        """What came of these is in the ledger, or will be found by a sweep."""
        for message in batch:
            del self.held[message.message_id]


class Relay:
    """Sends leased messages over their channels. `run` must run; its end is the worker's end."""

    def __init__(
        self,
        ledger: Ledger,
        channels: Mapping[str, Channel],
        metrics: Metrics,
        *,
        lease: float,
        sweep_seconds: float,
        failed: Failed,
    ) -> None:
        self._ledger = ledger
        self._channels = channels
        self._metrics = metrics
        self._lease = lease
        self._sweep_seconds = sweep_seconds
        self._failed = failed
        self._ways: dict[str, _Way] = {}
        self._group: asyncio.TaskGroup | None = None
        self._running: asyncio.Task[None] | None = None

    async def push(self, messages: Sequence[LeasedMessage], asked_at: float) -> None:
        """Queue messages leased at `asked_at` (monotonic seconds). Waits a little where a queue is full."""
        trusted_until = asked_at + self._lease * _TRUST
        for message in messages:
            way = self._ways.get(message.destination) or self._open(message.destination)
            known = message.message_id in way.held
            way.held[message.message_id] = trusted_until
            if known:
                continue
            if len(way.waiting) >= _ROOM and not await self._has_room(way):
                way.let_go([message])  # its lease ends, and the sweep brings it back
                continue
            way.waiting.append(message)
            way.arrived.set()

    async def run(self) -> None:
        """Send and sweep until cancelled."""
        running = asyncio.current_task()
        assert running is not None, "a coroutine runs in a task"
        self._running = running
        async with asyncio.TaskGroup() as group:
            self._group = group
            for way in self._ways.values():
                group.create_task(self._kept(self._send(way)), name=f"relay {way.destination}")
            group.create_task(self._kept(self._sweep()), name="relay sweep")

    async def _kept(self, work: Coroutine[None, None, NoReturn]) -> NoReturn:
        """A group does not mind a task of its own that is cancelled: here that is the relay's end."""
        try:
            await work
        except asyncio.CancelledError:
            if self._running is not None and self._running.cancelling():
                raise
            raise EngineError("a task of the relay was cancelled: restart the worker") from None

    def _open(self, destination: str) -> _Way:
        way = self._ways[destination] = _Way(destination)
        if self._group is not None:
            self._group.create_task(self._kept(self._send(way)), name=f"relay {destination}")
        return way

    async def _has_room(self, way: _Way) -> bool:
        if not way.answering:
            return False
        way.room.clear()
        try:
            await asyncio.wait_for(way.room.wait(), _WAIT_FOR_ROOM)
        except TimeoutError:
            return False
        return True

    async def _send(self, way: _Way) -> NoReturn:
        while True:
            await way.arrived.wait()
            batch = way.take()
            if not batch:
                continue
            answers = await self._channels[batch[0].channel].send([_outgoing(message) for message in batch])
            way.answering = any(isinstance(answer, Receipt) for answer in answers)
            results = [_result(message, answer) for message, answer in zip(batch, answers, strict=True)]
            await self._close(results)
            way.let_go(batch)

    async def _close(self, results: Sequence[DeliveryResult]) -> None:
        try:
            closed = await self._ledger.close_deliveries(results)
        except LedgerLostError:  # sent and not marked: the lease ends and the same id goes out again
            self._metrics.ledger_lost.add()
            return
        for delivery in closed:
            self._metrics.deliveries.add(delivery.destination, delivery.state)
        ended = {DeliveryState.REFUSED, DeliveryState.DEAD}
        failed = [delivery for delivery in closed if delivery.state in ended and delivery.carries == "offer"]
        if failed:
            await self._failed(failed)

    async def _sweep(self) -> NoReturn:
        while True:
            try:
                await self._sweep_once()
            except LedgerLostError:
                self._metrics.ledger_lost.add()
            await asyncio.sleep(self._sweep_seconds)

    async def _sweep_once(self) -> None:
        busy = [way.destination for way in self._ways.values() if len(way.waiting) > _SWEEP_LIMIT]
        asked_at = time.monotonic()
        due = await self._ledger.claim_due_messages(lease=self._lease, without=busy, limit=_SWEEP_LIMIT)
        await self.push(due, asked_at)


def _outgoing(message: LeasedMessage) -> Outgoing:
    return Outgoing(message.message_id, message.address, message.key, message.headers, message.content)


def _result(message: LeasedMessage, answer: Receipt | ChannelError) -> DeliveryResult:
    if isinstance(answer, Receipt):
        return DeliveryResult(message.message_id, message.attempt, DeliveryState.DELIVERED, answer.answer)
    # What 911 must hear is tried until it arrives: a refusal there is a mistake that somebody will mend.
    gives_up = answer.permanent and message.carries != "return"
    state = DeliveryState.REFUSED if gives_up else DeliveryState.RETRY
    pause = min(_FIRST_PAUSE * 2 ** min(message.attempt - 1, 10), _LONGEST_PAUSE)
    return DeliveryResult(message.message_id, message.attempt, state, str(answer), again_in=pause)
