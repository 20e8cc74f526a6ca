"""A transfer takes a step, with everything that follows from it in the same transaction.

Whoever gives the signal - a counsellor, 911, the clock, screening, a channel - the step is the same.
"""

from dataclasses import replace

from bridge.domain.beside import note
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect
from bridge.domain.ids import DestinationId
from bridge.domain.signal import About, Signal, SignalKind
from bridge.domain.transfer import Step, Transfer, step
from bridge.domain.transfer_table import HOLDING, WAITING, State
from bridge.handling.asking import ask, next_destination
from bridge.handling.handing_on import HANDED_ON, hand_on, tell_from_holder
from bridge.handling.leg_steps import tell_of_legs
from bridge.handling.own_signals import own_signal
from bridge.handling.passing import tell_of_passes
from bridge.handling.passing_over import after_step
from bridge.handling.screening import screened
from bridge.handling.tandem import legs_of_team
from bridge.handling.telling import tell
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

_SETTLES = frozenset({State.RECALLED, State.WITHDRAWN, State.ABANDONED, State.RETURNED, State.CLOSED})
"""A person decided, or the caller did, or a danger: nothing is offered by itself any more."""

_RESTS_ON_A_DECISION = frozenset({Effect.SEND_OFFER, Effect.NEXT_DESTINATION})


_SAID = {About.TRANSFER: "signal", About.BESIDE: "beside"}


def advance(
    turn: Turn, held: LockedIncident, transfer: Transfer, signal: Signal, decision: Decision | None = None
) -> Step:
    """Take the step, audit it, tell whom it concerns, and ask the next destination where one is due."""
    waits = turn.rules.waits(transfer.destination)
    demanded = frozenset[SignalKind]()
    if signal.kind is SignalKind.RELEASED:
        demanded = turn.rules.introductions(transfer.agency, turn.now)
    taken = step(transfer, signal, now=turn.now, waits=waits, introductions=demanded)
    if taken.before.state in WAITING and taken.after.state in HOLDING:
        _close_the_one_that_handed_on(turn, held, taken.after)
    if taken.before is not taken.after:
        turn.put(held, taken.after)
    for_all = taken.after.from_holder is None or taken.after.state in {State.RETURNED, State.CLOSED}
    if taken.moved and taken.after.state in _SETTLES and for_all:
        held.settled = True
    if decision is None and _RESTS_ON_A_DECISION.intersection(taken.effects):
        decision = screened(turn, held)
    following = _following(turn, held, taken, signal, decision)
    _audit(turn, held, taken, signal)
    tell(turn, held, taken, signal, decision, following)
    if Effect.SEND_OFFER in taken.effects:
        tell_of_legs(turn, held, taken.after)
    tell_of_passes(turn, held, taken)
    turn.steps.append((taken, signal, held.incident.first_at))
    if taken.moved and taken.after.from_holder is not None:
        tell_from_holder(turn, held, taken.after, signal.reason)
    if taken.before.state in HOLDING and taken.after.state not in HOLDING - {State.RETURNING}:
        _ask_nobody_on_behalf_of(turn, held, taken.after)
    if Effect.NEXT_DESTINATION in taken.effects:
        after_step(turn, held, taken, decision, following)
    if following is not None and decision is not None:
        asked_by = held.holding if taken.after.from_holder is not None else None
        ask(turn, held, decision, following, from_holder=asked_by)
    return taken


def take_note(turn: Turn, held: LockedIncident, transfer: Transfer, signal: Signal) -> Step:
    """What was said beside a transfer is kept and told; whoever wants to hand the call on may do so."""
    taken = note(transfer, signal)
    if not taken.refused and signal.kind is SignalKind.HANDED_ON:
        taken = replace(taken, refused=_hand_on(turn, held, taken.after, signal))
    if taken.before is not taken.after:
        turn.put(held, taken.after)
    _audit(turn, held, taken, signal)
    tell(turn, held, taken, signal)
    if not taken.refused:
        legs_of_team(turn, held, signal)
        change = f"beside.{signal.kind.value}"
        tell_everybody(turn, held, change, transfer=taken.after, signal=signal)
    turn.steps.append((taken, signal, held.incident.first_at))
    return taken


def _hand_on(turn: Turn, held: LockedIncident, holding: Transfer, signal: Signal) -> str:
    if signal.prefers is None:
        return "destination_missing"
    return hand_on(turn, held, holding, signal.prefers)


def _close_the_one_that_handed_on(turn: Turn, held: LockedIncident, taking: Transfer) -> None:
    """The other has the caller now: whoever handed on has done their part."""
    giving = held.holding
    if giving is None or giving.transfer_id == taking.transfer_id:
        return
    done = own_signal(giving, SignalKind.CLOSED, now=turn.now, reason=HANDED_ON)
    advance(turn, held, giving, replace(done, outcome=HANDED_ON))


def _ask_nobody_on_behalf_of(turn: Turn, held: LockedIncident, leaving: Transfer) -> None:
    """Whoever handed on has the call no more, or gives it back: the one they asked is asked no more."""
    asked = held.waiting
    if asked is not None and asked.from_holder is not None and leaving.outcome != HANDED_ON:
        advance(turn, held, asked, own_signal(asked, SignalKind.RECALLED, now=turn.now, reason="holder.left"))


def refuse(turn: Turn, held: LockedIncident, transfer: Transfer, signal: Signal, reason: str) -> None:
    """The speaker may not say this: nothing changes, and the audit keeps that they did."""
    refused = Step(transfer, transfer, refused=reason)
    _audit(turn, held, refused, signal)
    turn.steps.append((refused, signal, held.incident.first_at))


def _following(
    turn: Turn, held: LockedIncident, taken: Step, signal: Signal, decision: Decision | None
) -> DestinationId | None:
    if decision is None or Effect.NEXT_DESTINATION not in taken.effects or not taken.after.routed:
        return None
    return next_destination(turn, held, decision, preferred=signal.prefers)


def _audit(turn: Turn, held: LockedIncident, taken: Step, signal: Signal) -> None:
    turn.audit(
        held,
        f"refused.{taken.refused}" if taken.refused else f"{_SAID[signal.about]}.{signal.kind.value}",
        transfer=taken.after,
        from_state=taken.before.state.value,
        to_state=taken.after.state.value,
        signal_id=signal.signal_id,
        speaker=signal.said_by,
        said_at=signal.said_at,
        reason=signal.reason,
    )
