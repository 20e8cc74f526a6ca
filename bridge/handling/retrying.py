"""A lost ledger is waited for, in place and within a bound; then the worker ends and its records come again.

Whether the lost COMMIT happened does not matter: every write of a turn has a key that makes it harmless.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bridge.errors import LedgerLostError
from bridge.handling.context import Handling

T = TypeVar("T")

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


async def until_committed(handling: Handling, turn: Callable[[], Awaitable[T]]) -> T:
    """Run `turn` until it commits, and answer as it did; LedgerLostError after `lost_retry_seconds`."""

    def lost() -> None:
        handling.metrics.ledger_lost.add()
        handling.retrying()

    began = time.monotonic()
    answer = await until_answered(turn, within=handling.lost_retry_seconds, lost=lost)
    handling.metrics.ledger_turn.observe(time.monotonic() - began)
    return answer


async def until_answered(ask: Callable[[], Awaitable[T]], *, within: float, lost: Callable[[], object]) -> T:
    """What `ask` answers, asked again while the ledger is lost; LedgerLostError after `within` seconds."""
    give_up = time.monotonic() + within
    pause = _FIRST_PAUSE
    while True:
        try:
            return await ask()
        except LedgerLostError:
            lost()
            if time.monotonic() >= give_up:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
