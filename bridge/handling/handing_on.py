"""A call goes from one destination to another: clinician to team, team to navigator, hotline to city team.

It is a new transfer of the same call. Whoever hands it on holds the caller until the other has voice contact
or has claimed it; then the one transfer is closed and the other holds, in one transaction. Nobody is between.
"""

from bridge.domain.decision import Decision
from bridge.domain.ids import DestinationId
from bridge.domain.message import OfferKind
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import HOLDING, WAITING
from bridge.handling.asking import ask
from bridge.handling.screening import screened
from bridge.handling.telling_destinations import News, tell_destination
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

HANDED_ON = "handed_on"
"""The outcome of a transfer whose call another destination has now."""


def hand_on(
    turn: Turn,
    held: LockedIncident,
    holding: Transfer,
    destination: DestinationId,
    decision: Decision | None = None,
) -> str:
    """Ask `destination` to take the call that `holding` has; answer why not, or an empty string.

    With a `decision` the policy's route goes on when it says no; without one, whoever hands on decides.
    """
    refused = _refusal(turn, held, holding, destination)
    if refused:
        return refused
    resting_on = decision or screened(turn, held)
    ask(turn, held, resting_on, destination, from_holder=holding, routed=decision is not None)
    return ""


def _refusal(turn: Turn, held: LockedIncident, holding: Transfer, destination: DestinationId) -> str:
    if holding.state not in HOLDING:
        return "not_in_this_state"
    if destination not in turn.rules.destinations:
        return "destination_unknown"
    if destination == holding.destination:
        return "has_it_already"
    if any(each.state in WAITING for each in held.transfers.values()):
        return "another_is_asked"
    return ""


def tell_from_holder(turn: Turn, held: LockedIncident, transfer: Transfer, reason: str) -> None:
    """Whoever hands a call on hears what becomes of it, while they have it and when they have it no more."""
    asked_by = next(
        (
            each
            for each in sorted(held.transfers.values(), key=lambda each: -each.attempt)
            if each.destination == transfer.from_holder and each.attempt < transfer.attempt
        ),
        None,
    )
    if asked_by is not None:
        tell_destination(
            turn,
            held,
            asked_by,
            OfferKind.NEWS,
            reason=reason,
            news=News(transfer.transfer_id, transfer.state.value),
        )
