"""How often one caller was passed between 911 and hotlines, and where that ends.

A caller who was passed on twice within 24 hours is not passed on by the bridge again: a supervisor is told.
Nobody is kept from calling, and a person in danger is never refused: whatever people do goes on.
"""

from bridge.domain.decision import Decision
from bridge.domain.ids import NINE_ONE_ONE
from bridge.domain.message import ReturnKind
from bridge.domain.transfer import Step, Transfer
from bridge.handling.telling_911 import Besides, tell_911
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

MOST_PASSES = 2
"""The third pass of one caller goes to a supervisor, not on."""

PASSED_TOO_OFTEN = "passed_too_often"


def passed_too_often(turn: Turn, held: LockedIncident) -> bool:
    """Whether the bridge passes this caller on no more."""
    return turn.passes.times(held.incident) >= MOST_PASSES


def stop_passing(turn: Turn, held: LockedIncident, decision: Decision) -> None:
    """The call stays with 911, and the supervisor decides."""
    held.settled = True
    turn.audit(held, "passing.stopped", reason=PASSED_TOO_OFTEN)
    _tell_supervisor(turn, held, "not_passed", decision=decision)
    tell_everybody(turn, held, "passing.stopped")


def tell_of_passes(turn: Turn, held: LockedIncident, taken: Step) -> None:
    """A caller came from 911 to a hotline or back, more often than the bridge would have done it."""
    holders = {taken.before.holder, taken.after.holder}
    passed = len(holders) > 1 and NINE_ONE_ONE in holders
    if passed and turn.passes.times(held.incident) > MOST_PASSES:
        turn.audit(held, "passing.counted", transfer=taken.after, reason=PASSED_TOO_OFTEN)
        _tell_supervisor(turn, held, "passed", transfer=taken.after)


def _tell_supervisor(
    turn: Turn,
    held: LockedIncident,
    state: str,
    *,
    transfer: Transfer | None = None,
    decision: Decision | None = None,
) -> None:
    contacts = turn.rules.supervisors(held.incident.agency, turn.now)
    besides = Besides(state=state, text="; ".join(contacts))
    reason = PASSED_TOO_OFTEN
    tell_911(
        turn,
        held,
        ReturnKind.SUPERVISOR,
        transfer=transfer,
        decision=decision,
        reason=reason,
        besides=besides,
    )
