"""Calls that wait: screened again when waiting alone may change the decision, by the database's clock.

A policy can speak of calls to which nobody was sent for so long, and then no event comes; or a destination
is back that could not be asked before. Whichever worker is alive screens such a call, once. One that a
destination is being asked about, that a person decided or that is closed is left alone.
"""

from bridge.handling.acting import screen_and_act
from bridge.handling.context import Handling
from bridge.handling.passing_over import ask_who_is_back, look_at_destinations
from bridge.handling.shadowing import decide_beside
from bridge.handling.turn import Turn, commit

AT_ONCE = 50
"""Few, so that no deadline waits for long while these are screened."""


async def screen_again(handling: Handling) -> int:
    """Screen the calls that are due, at most `AT_ONCE`; answer how many were. Raises LedgerLostError."""
    async with handling.ledger.turn() as tx:
        turn = Turn(handling, tx, await tx.clock(), handling.rules())
        await look_at_destinations(turn)
        await ask_who_is_back(turn)
        due = await tx.lock_waiting_incidents(AT_ONCE)
        if not due:
            return 0
        turn.now = tx.now or turn.now
        callers = ((held.incident.agency, held.incident.callback) for held in due.values())
        await turn.passes.read(tx, callers, turn.now)
        for held in due.values():
            if held.active is None:  # asked before the lock was ours
                screen_and_act(turn, held, None)
        leased = await turn.write()
    await commit(turn, leased)
    await decide_beside(turn)
    return len(turn.changes.decisions)
