"""Deadlines that passed: every wait ends, by the database's clock, whichever worker is alive."""

from bridge.domain.signal import SignalKind
from bridge.handling.advancing import advance
from bridge.handling.consulting import end_consults
from bridge.handling.context import Handling
from bridge.handling.leg_steps import alarm_of_legs
from bridge.handling.own_signals import own_signal
from bridge.handling.passing_over import look_at_destinations
from bridge.handling.rescuing import alarm_of_rescues
from bridge.handling.turn import Turn, commit

AT_ONCE = 100
"""Incidents of one turn: CAD events wait no longer than that takes, and two lanes share what is due."""


async def end_waits(handling: Handling) -> int:
    """End the waits that are over, at most `AT_ONCE` incidents; answer how many. Raises LedgerLostError."""
    async with handling.ledger.turn() as tx:
        due = await tx.lock_due_incidents(AT_ONCE)
        if not due:
            return 0
        turn = Turn(handling, tx, tx.now or await tx.clock(), handling.rules())
        await look_at_destinations(turn)
        alarms = 0
        for held in due.values():
            for transfer in (held.waiting, held.holding):
                if transfer is not None and transfer.deadline is not None and transfer.deadline <= turn.now:
                    advance(turn, held, transfer, own_signal(transfer, SignalKind.DEADLINE, now=turn.now))
            alarms += alarm_of_rescues(turn, held)
            alarms += end_consults(turn, held)
            alarms += alarm_of_legs(turn, held)
        leased = await turn.write()
    await commit(turn, leased)
    return len(turn.steps) + alarms
