"""A lost ledger is waited for, in place and within a bound; then the worker ends and its records come again.

Whether the lost COMMIT happened does not matter: every write of a turn has a key that makes it harmless.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bridge.errors import LedgerLostError
from bridge.handling.context import Handling

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


async def until_committed(handling: Handling, turn: Callable[[], Awaitable[None]]) -> None:
    """Run `turn` until it commits; LedgerLostError when `lost_retry_seconds` have passed."""
    give_up = time.monotonic() + handling.lost_retry_seconds
    pause = _FIRST_PAUSE
    while True:
        try:
            return await turn()
        except LedgerLostError:
            handling.metrics.ledger_lost.add()
            handling.retrying()
            if time.monotonic() >= give_up:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
