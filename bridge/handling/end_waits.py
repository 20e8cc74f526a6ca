"""Deadlines that passed: every wait ends, by the database's clock, whichever worker is alive."""

from bridge.domain.signal import SignalKind
from bridge.handling.advancing import advance
from bridge.handling.context import Handling
from bridge.handling.own_signals import own_signal
from bridge.handling.rescuing import alarm_of_rescues
from bridge.handling.turn import Turn, commit

AT_ONCE = 200


async def end_waits(handling: Handling) -> int:
    """End the waits that are over, at most `AT_ONCE` incidents; answer how many. Raises LedgerLostError."""
    async with handling.ledger.turn() as tx:
        due = await tx.lock_due_incidents(AT_ONCE)
        if not due:
            return 0
        turn = Turn(handling, tx, tx.now or await tx.clock(), handling.rules())
        alarms = 0
        for held in due.values():
            for transfer in (held.waiting, held.holding):
                if transfer is not None and transfer.deadline is not None and transfer.deadline <= turn.now:
                    advance(turn, held, transfer, own_signal(transfer, SignalKind.DEADLINE, now=turn.now))
            alarms += alarm_of_rescues(turn, held)
        leased = await turn.write()
    await commit(turn, leased)
    return len(turn.steps) + alarms
