"""Asking destinations: the first, the next, and why nobody was asked.

A destination is asked once for an incident. Asking ends with the call's budget of time, with a decision
by a person, or with a danger; from then the call is 911's.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.domain.decision import Decision, TransferKind, Verdict
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.transfer import Transfer, deadline_of
from bridge.domain.transfer_table import State
from bridge.handling.leg_steps import tell_of_legs
from bridge.handling.passing import passed_too_often, stop_passing
from bridge.handling.passing_over import keep_who_was_passed_over, nobody_free, skip, unable_now
from bridge.handling.telling_911 import tell_911
from bridge.handling.telling_destinations import tell_destination
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn, transfer_id
from bridge.ledger.rows import LockedIncident


def next_destination(
    turn: Turn, held: LockedIncident, decision: Decision, *, preferred: DestinationId | None = None
) -> DestinationId | None:
    """Who is to be asked now, if anybody: not asked before, in the policy's order, while the budget lasts.

    A destination that redirects names whom it prefers (302); the policy's route still bounds the choice. One
    that became unable since the decision is skipped, and asked when it is back.
    """
    out_of_time = held.budget_until is not None and turn.now >= held.budget_until
    if held.settled or out_of_time or decision.verdict is Verdict.KEEP:
        return None
    untried = [name for name in decision.route if name not in held.asked]
    unable = unable_now(turn, held)
    skipped = [name for name in untried if name in unable]
    for name in skipped:
        skip(turn, held, unable[name] + name)
    if skipped:
        keep_who_was_passed_over(turn, held, [*held.passed_over, *skipped])
        untried = [name for name in untried if name not in unable]
        if not untried:
            nobody_free(turn, held, decision, unable[skipped[0]] + skipped[0])
    if preferred in untried:
        return preferred
    return untried[0] if untried else None


def ask(
    turn: Turn,
    held: LockedIncident,
    decision: Decision,
    destination: DestinationId,
    *,
    from_holder: Transfer | None = None,
    routed: bool = True,
    confirmed: bool = False,
) -> None:
    """Make a transfer to `destination`: offered at once, or proposed where a person must confirm it.

    `from_holder` is the transfer that has the call, where a destination hands it on. `routed`: the policy's
    route goes on when this comes to nothing. `confirmed`: a call taker asked for it. For a caller who was
    passed on too often nobody is asked; a supervisor is told.
    """
    if from_holder is None and not confirmed and passed_too_often(turn, held):
        stop_passing(turn, held, decision)
        return
    if held.budget_until is None or from_holder is not None or confirmed:
        held.budget_until = _budget(turn, held, decision, destination)
    held.asked = (*held.asked, destination)
    transfer = _new_transfer(turn, held, decision, destination)
    if confirmed or (from_holder is not None and not routed):
        transfer = replace(transfer, state=State.OFFERED, offered_at=turn.now)
    if from_holder is not None:
        transfer = replace(transfer, from_holder=from_holder.destination)
    waits = turn.rules.waits(destination)
    deadline = deadline_of(transfer, now=turn.now, waits=waits)
    transfer = replace(transfer, routed=routed, deadline=deadline)
    turn.put(held, transfer)
    turn.audit(
        held,
        "transfer",
        transfer=transfer,
        to_state=transfer.state.value,
        clauses=tuple(reason.clause for reason in decision.reasons),
    )
    if transfer.state is State.OFFERED:
        transfer = tell_destination(turn, held, transfer, OfferKind.OFFER, decision=decision)
        transfer = tell_of_legs(turn, held, transfer)
        tell_911(turn, held, ReturnKind.OFFERED, transfer=transfer, decision=decision)
    else:
        tell_911(turn, held, ReturnKind.RECOMMENDATION, transfer=transfer, decision=decision)
    tell_everybody(turn, held, f"transfer.{transfer.state.value}", transfer=transfer, decision=decision)
    turn.opened.append((transfer, held.incident.first_at))


def _new_transfer(
    turn: Turn, held: LockedIncident, decision: Decision, destination: DestinationId
) -> Transfer:
    attempt = held.latest.attempt + 1 if held.latest is not None else 1
    proposed = _to_be_confirmed(turn, held, decision)
    budget = held.budget_until or _budget(turn, held, decision, destination)
    group, unable = turn.rules.destinations.get(destination), unable_now(turn, held)
    return Transfer(
        transfer_id=transfer_id(held.key, attempt),
        incident_id=held.incident.incident_id,
        agency=held.incident.agency,
        destination=destination,
        kind=_kind(decision, group),
        state=State.PROPOSED if proposed else State.OFFERED,
        attempt=attempt,
        created_at=turn.now,
        budget_until=budget,
        deadline=None,
        offered_at=None if proposed else turn.now,
        since=turn.now,
        practice=held.incident.practice,
        teams=tuple(team for team in group.teams if team not in unable) if group is not None else (),
    )


def _kind(decision: Decision, destination: Destination | None) -> TransferKind:
    """As the decision has it. One that is handed a call, and takes only the other kind, works as it can."""
    if destination is None or decision.kind in destination.kinds or not destination.kinds:
        return decision.kind
    return min(destination.kinds)


def _to_be_confirmed(turn: Turn, held: LockedIncident, decision: Decision) -> bool:
    """Whether a call taker must confirm it first, as the policy has it."""
    return decision.verdict in turn.rules.confirmed_by_a_person(held.incident.agency, turn.now)


def _budget(turn: Turn, held: LockedIncident, decision: Decision, destination: DestinationId) -> datetime:
    """When asking ends. A proposal's time is the call taker's and comes on top."""
    proposed = _to_be_confirmed(turn, held, decision)
    thinking = turn.rules.waits(destination).proposed if proposed else 0.0
    return turn.now + timedelta(seconds=thinking + turn.rules.budget_seconds)
