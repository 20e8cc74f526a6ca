"""A hotline refers its call to the city's teams: the city's policy screens it like any other call.

The hotline keeps the caller until a team has them, and hears what became of it. One that the policy does not
let go is answered with every reason; one that a person must look at is proposed to the call taker.
"""

from functools import partial

from bridge.domain.decision import Decision, Verdict
from bridge.domain.ids import DestinationId
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import Signal
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import HOLDING
from bridge.handling.handing_on import hand_on
from bridge.handling.tandem import make_tandem
from bridge.handling.telling_911 import tell_911
from bridge.handling.telling_destinations import News, tell_destination
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

CAPACITY, VISIT_NEEDED = "capacity", "visit_needed"
"""Why a hotline refers: it has nobody free itself, or somebody must go there."""

INELIGIBLE, NOBODY_LEFT, TANDEM = "ineligible", "nobody_left", "tandem"
"""What a hotline is answered when no team is asked; otherwise the state of the new transfer, or why not.

TANDEM: no team that could be asked is left, and 911 sends its own.
"""


def refer(turn: Turn, held: LockedIncident, holding: Transfer, signal: Signal, decision: Decision) -> None:
    """Ask the first team of the policy's route, or answer why none is asked."""
    destination = _first(held, holding, decision)
    about, answer = holding.transfer_id, ""
    if decision.verdict is Verdict.KEEP:
        answer = INELIGIBLE
    elif holding.state not in HOLDING:
        answer = "not_in_this_state"
    elif destination is None:
        answer = NOBODY_LEFT
    else:
        answer = hand_on(turn, held, holding, destination, decision=decision)
    if decision.verdict is Verdict.TANDEM:
        if destination is None:
            answer = TANDEM
            tell_911(turn, held, ReturnKind.RECOMMENDATION, transfer=holding, decision=decision)
        make_tandem(turn, held, decision)
    asked = held.waiting
    if not answer and asked is not None:
        about, answer = asked.transfer_id, asked.state.value
    news = News(about, answer)
    tell_destination(turn, held, holding, OfferKind.NEWS, decision=decision, reason=signal.reason, news=news)
    why = signal.reason if signal.reason in {CAPACITY, VISIT_NEEDED} else "other"
    turn.after.append(partial(turn.handling.metrics.referred.add, why, answer))


def _first(held: LockedIncident, holding: Transfer, decision: Decision) -> DestinationId | None:
    """The first of the route that was not asked yet and is not the hotline itself."""
    asked = {*held.asked, holding.destination}
    return next((name for name in decision.route if name not in asked), None)
