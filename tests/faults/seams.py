"""The named points of a worker at which a test lets it die, fall or stand still.

Production code knows none of this: the worker of `tests.faults.worker` is the bridge's own, with the
functions below wrapped from outside. Nothing happens until a file says which point, and after how many
times; a fault happens once.
"""

import asyncio
import functools
import inspect
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bridge.agents import rounds
from bridge.app.worker import Worker
from bridge.channels.kafka import KafkaChannel
from bridge.engine.coalescing import Coalescer
from bridge.engine.fetching import FetchingThread
from bridge.engine.transport import LedgerConsumer
from bridge.handling import record_cad_events
from bridge.handling.relay import Relay
from bridge.ledger.turns import TurnTransaction


class Point(StrEnum):
    """Where, in the words of one turn."""

    BEFORE_TRANSACTION = "before the transaction"
    AFTER_CLAIM = "inside it, after the claim"
    BEFORE_COMMIT = "inside it, before COMMIT"
    AFTER_COMMIT = "after COMMIT, before anything is sent"
    BEFORE_ACK = "after COMMIT, before the ack"
    AFTER_ACK = "after the ack, before the offsets"
    AFTER_SEND = "after sending, before it is marked"
    IN_THE_RELAY = "the relay's sweep"
    IN_THE_SENDING = "the relay's sending"
    IN_THE_ROUNDS = "the rounds"
    IN_THE_COALESCER = "the coalescer"
    IN_THE_FETCHING = "the fetching"


class Fault(StrEnum):
    """What happens there."""

    KILL = "kill"
    RAISE = "raise"
    CANCEL = "cancel"
    HANG = "hang"
    BLOCK = "block"


SECRET = "CANARYINANERROR"
"""What the text of a foreign error may hold, and what nobody may find anywhere."""


class InjectedError(Exception):
    """Nothing of ours: what a defect would raise."""


@dataclass(frozen=True, slots=True)
class _Seam:
    holder: Any
    name: str
    after: bool = False


_SEAMS = {
    Point.BEFORE_TRANSACTION: _Seam(Worker, "_cad_turn"),
    Point.AFTER_CLAIM: _Seam(TurnTransaction, "claim_events", after=True),
    Point.BEFORE_COMMIT: _Seam(TurnTransaction, "write", after=True),
    Point.AFTER_COMMIT: _Seam(record_cad_events, "commit"),
    Point.BEFORE_ACK: _Seam(Worker, "_cad_turn", after=True),
    Point.AFTER_ACK: _Seam(LedgerConsumer, "ack", after=True),
    Point.AFTER_SEND: _Seam(KafkaChannel, "send", after=True),
    Point.IN_THE_RELAY: _Seam(Relay, "_sweep_once"),
    Point.IN_THE_SENDING: _Seam(KafkaChannel, "send"),
    Point.IN_THE_ROUNDS: _Seam(rounds, "end_waits"),
    Point.IN_THE_COALESCER: _Seam(Coalescer, "_take"),
    Point.IN_THE_FETCHING: _Seam(FetchingThread, "fetch"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """One fault to come: the `nth` time `point` is reached from now on."""

    point: Point
    nth: int = 1
    fault: Fault = Fault.KILL

    def write(self, path: Path) -> None:
        """Give the order to the worker that watches `path`."""
        unfinished = path.with_suffix(".new")
        unfinished.write_text("\n".join([self.point, str(self.nth), self.fault]))
        unfinished.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Order | None":
        """The order at `path`, if one was given."""
        try:
            point, nth, fault = path.read_text().splitlines()
        except FileNotFoundError:
            return None
        return cls(Point(point), int(nth), Fault(fault))


class Ambush:
    """Counts how often each point is reached once an order was given, and carries the order out."""

    def __init__(self, orders: Path) -> None:
        self._orders = orders
        self._order: Order | None = None
        self._left = 0

    def lay(self) -> None:
        """Wrap every seam. A seam that is gone is an error: the tests must follow the code."""
        for point, seam in _SEAMS.items():
            whole = getattr(seam.holder, seam.name)
            wrap = self._around_async if inspect.iscoroutinefunction(whole) else self._around
            setattr(seam.holder, seam.name, wrap(point, whole, after=seam.after))

    def _due(self, point: Point) -> Fault | None:
        if self._order is None:
            self._order = Order.read(self._orders)
            self._left = self._order.nth if self._order is not None else 0
        if self._order is None or self._order.point is not point or self._left == 0:
            return None
        self._left -= 1
        return self._order.fault if self._left == 0 else None

    def _around_async(self, point: Point, whole: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
        @functools.wraps(whole)
        async def reached(*given: Any, **named: Any) -> Any:
            if not after and (fault := self._due(point)):
                await _befall(fault)
            answer = await whole(*given, **named)
            if after and (fault := self._due(point)):
                await _befall(fault)
            return answer

        return reached

    def _around(self, point: Point, whole: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
        @functools.wraps(whole)
        def reached(*given: Any, **named: Any) -> Any:
            if not after and (fault := self._due(point)):
                _befall_at_once(fault)
            answer = whole(*given, **named)
            if after and (fault := self._due(point)):
                _befall_at_once(fault)
            return answer

        return reached


async def _befall(fault: Fault) -> None:
    if fault is Fault.HANG:
        await asyncio.Event().wait()
    _befall_at_once(fault)
    await asyncio.sleep(0)  # where a cancellation arrives


def _befall_at_once(fault: Fault) -> None:
    match fault:
        case Fault.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case Fault.RAISE:
            raise InjectedError(f"cannot handle {SECRET}")
        case Fault.CANCEL:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
        case Fault.BLOCK:
            time.sleep(3600)
        case Fault.HANG:
            raise AssertionError("only a coroutine can hang")
