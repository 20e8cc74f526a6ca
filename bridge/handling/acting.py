"""An incident under lock is screened, and what follows is done: asked, told, taken back, passed on.

The same whether an event asked for it or time went by. A disqualifier that appears before voice contact
takes the offer back.
"""

from bridge.domain.decision import Decision, Verdict
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.record import Place
from bridge.domain.signal import SignalKind
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import WAITING, State
from bridge.handling.advancing import advance
from bridge.handling.asking import ask, next_destination
from bridge.handling.consulting import tell_consultants
from bridge.handling.own_signals import own_signal
from bridge.handling.passing_over import after_screening, is_nobody_free, nobody_free
from bridge.handling.screening import screened
from bridge.handling.tandem import goes_on_in_tandem, make_tandem, send_along
from bridge.handling.telling_911 import tell_911
from bridge.handling.telling_destinations import tell_destination
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident


def screen_and_act(turn: Turn, held: LockedIncident, place: Place | None) -> None:
    """Decide on the incident as it stands, and act upon it. `place` is of the record that asked, if any."""
    said_before = held.verdict, held.clauses, held.route
    decision = screened(turn, held)
    turn.decided(held, decision, place)
    after_screening(turn, held, decision)
    changed = (held.verdict, held.clauses, held.route) != said_before
    if changed:
        tell_everybody(turn, held, "decided", decision=decision)
    under_way = [each for each in (held.waiting, held.holding) if each is not None]
    if not under_way:
        _ask_or_tell(turn, held, decision, changed=changed)
    for transfer in under_way:
        go_on(turn, held, transfer, decision, changed=changed)
    tell_consultants(turn, held, decision)


def _ask_or_tell(turn: Turn, held: LockedIncident, decision: Decision, *, changed: bool) -> None:
    destination = next_destination(turn, held, decision)
    if destination is not None:
        ask(turn, held, decision, destination)
    elif changed and not held.settled and is_nobody_free(decision):
        nobody_free(turn, held, decision)
    elif changed and (decision.verdict is Verdict.TANDEM or (decision.route and not held.asked)):
        tell_911(turn, held, ReturnKind.RECOMMENDATION, decision=decision)
    if changed and decision.verdict is Verdict.TANDEM:
        make_tandem(turn, held, decision)


def go_on(turn: Turn, held: LockedIncident, transfer: Transfer, decision: Decision, *, changed: bool) -> None:
    """A transfer is under way: take it back, pass it on, warn, or tell what is new.

    One that a destination asked for, not the policy, is taken back for a danger alone.
    """
    if goes_on_in_tandem(transfer, decision):
        _go_on_in_tandem(turn, held, transfer, decision, changed=changed)
        return
    waiting = transfer.state in WAITING
    no_longer_good = transfer.routed and decision.verdict in {Verdict.KEEP, Verdict.TANDEM}
    barred = transfer.destination in decision.barred
    if barred and waiting and not no_longer_good:
        _pass_on(turn, held, transfer, decision)
    elif ((decision.danger or barred) and (waiting or changed)) or (no_longer_good and waiting):
        _take_back(turn, held, transfer, decision)
        if not waiting:
            send_along(turn, held, decision, contact=True)
        elif held.active is None and decision.verdict is Verdict.TANDEM:
            _ask_or_tell(turn, held, decision, changed=changed)
    elif transfer.state is not State.PROPOSED:  # who was not asked yet is told nothing
        tell_destination(turn, held, transfer, OfferKind.UPDATE, decision=decision)


def _go_on_in_tandem(
    turn: Turn, held: LockedIncident, transfer: Transfer, decision: Decision, *, changed: bool
) -> None:
    """Whoever is asked hears of the danger; a call taker who has not confirmed yet sees it before they do."""
    if transfer.state is not State.PROPOSED:
        tell_destination(turn, held, transfer, OfferKind.UPDATE, decision=decision)
        send_along(turn, held, decision, contact=False)
    elif changed:
        tell_911(turn, held, ReturnKind.RECOMMENDATION, transfer=transfer, decision=decision)
        make_tandem(turn, held, decision)


def _pass_on(turn: Turn, held: LockedIncident, transfer: Transfer, decision: Decision) -> None:
    """This destination may not have the call any more, and another one may: it is asked in its place."""
    settled = held.settled
    signal = own_signal(transfer, SignalKind.RECALLED, now=turn.now, reason="destination.barred")
    advance(turn, held, transfer, signal, decision)
    held.settled = settled  # nobody decided, and the danger is none for everybody
    following = next_destination(turn, held, decision) if transfer.routed else None
    if following is not None:
        ask(turn, held, decision, following, from_holder=held.holding)


def _take_back(turn: Turn, held: LockedIncident, transfer: Transfer, decision: Decision) -> None:
    """Before voice contact the offer is recalled; after it both sides are told, and nobody is taken off."""
    warns = decision.danger or transfer.destination in decision.barred
    kind = SignalKind.DANGER if warns else SignalKind.RECALLED
    spoke = next((reason.clause for reason in decision.reasons if reason.disqualifies), "screening")
    signal = own_signal(transfer, kind, now=turn.now, reason=spoke)
    taken = advance(turn, held, transfer, signal, decision)
    if not taken.moved:
        tell_destination(turn, held, taken.after, OfferKind.UPDATE, decision=decision)
