"""What goes round on the clock: deadlines that passed, calls that wait, and the gauges operators read."""

import asyncio
import time
from collections.abc import Callable, Mapping

from bridge.errors import LedgerLostError
from bridge.handling.context import Handling
from bridge.handling.end_waits import AT_ONCE as WAITS_AT_ONCE
from bridge.handling.end_waits import end_waits
from bridge.handling.screen_again import AT_ONCE as CALLS_AT_ONCE
from bridge.handling.screen_again import screen_again


async def sweep_forever(handling: Handling, *, every: float, written: Callable[[], None]) -> None:
    """End what is over and screen what is due, `every` so many seconds, at once again while there is more.

    `written` is called each time the ledger took it. A lost ledger is waited for without a bound: the
    listeners decide when the worker has waited enough.
    """
    while True:
        try:
            ended = await end_waits(handling)
            screened = await screen_again(handling)
            written()
        except LedgerLostError:
            handling.metrics.ledger_lost.add()
            ended = screened = 0
        if ended < WAITS_AT_ONCE and screened < CALLS_AT_ONCE:
            await asyncio.sleep(every)


async def show_gauges(handling: Handling) -> None:
    """Read from the ledger what waits, and since when. A lost ledger shows elsewhere."""
    try:
        gauges = await handling.ledger.gauges()
    except LedgerLostError:
        handling.metrics.ledger_lost.add()
        return
    metrics = handling.metrics
    metrics.oldest_open_transfer.set(gauges.oldest_open_transfer)
    metrics.outbox_rows.set_all({(destination,): rows for destination, rows, _ in gauges.outbox})
    metrics.outbox_oldest.set_all({(destination,): oldest for destination, _, oldest in gauges.outbox})
    for invariant, broken in gauges.broken.items():
        metrics.invariant_broken.set(broken, invariant)
    metrics.loop_beat.set(time.time())


async def show_lag(handling: Handling, ends: Mapping[tuple[str, int], int]) -> None:
    """How many records of each assigned partition are not in the ledger yet. `ends`: the logs' ends."""
    try:
        positions = await handling.ledger.positions(ends.keys())
    except LedgerLostError:
        handling.metrics.ledger_lost.add()
        return
    for (topic, partition), end in ends.items():
        read = positions.get((topic, partition), 0)
        handling.metrics.lag.set(max(end - read, 0), topic, str(partition))
