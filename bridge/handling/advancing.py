"""A transfer takes a step, with everything that follows from it in the same transaction.

Whoever gives the signal - a counsellor, 911, the clock, screening, a channel - the step is the same.
"""

from bridge.domain.decision import Decision
from bridge.domain.ids import DestinationId
from bridge.domain.signal import Signal
from bridge.domain.transfer import Effect, State, Step, Transfer, step
from bridge.handling.asking import ask, next_destination
from bridge.handling.screening import screened
from bridge.handling.telling import tell
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

_SETTLES = frozenset({State.RECALLED, State.WITHDRAWN, State.ABANDONED, State.RETURNED, State.CLOSED})
"""A person decided, or the caller did, or a danger: nothing is offered by itself any more."""

_RESTS_ON_A_DECISION = frozenset({Effect.SEND_OFFER, Effect.NEXT_DESTINATION})


def advance(
    turn: Turn, held: LockedIncident, transfer: Transfer, signal: Signal, decision: Decision | None = None
) -> Step:
    """Take the step, audit it, tell whom it concerns, and ask the next destination where one is due."""
    waits = turn.rules.waits(transfer.destination)
    taken = step(transfer, signal, now=turn.now, waits=waits)
    if taken.before is not taken.after:
        turn.put(held, taken.after)
    if taken.moved and taken.after.state in _SETTLES:
        held.settled = True
    if decision is None and _RESTS_ON_A_DECISION.intersection(taken.effects):
        decision = screened(held, turn.rules, turn.now)
    following = _following(turn, held, taken, signal, decision)
    _audit(turn, held, taken, signal)
    tell(turn, held, taken, signal, decision, following)
    turn.steps.append((taken, signal, held.incident.first_at))
    if following is not None and decision is not None:
        ask(turn, held, decision, following)
    return taken


def refuse(turn: Turn, held: LockedIncident, transfer: Transfer, signal: Signal, reason: str) -> None:
    """The speaker may not say this: nothing changes, and the audit keeps that they did."""
    refused = Step(transfer, transfer, refused=reason)
    _audit(turn, held, refused, signal)
    turn.steps.append((refused, signal, held.incident.first_at))


def _following(
    turn: Turn, held: LockedIncident, taken: Step, signal: Signal, decision: Decision | None
) -> DestinationId | None:
    if decision is None or Effect.NEXT_DESTINATION not in taken.effects:
        return None
    return next_destination(turn, held, decision, preferred=signal.prefers)


def _audit(turn: Turn, held: LockedIncident, taken: Step, signal: Signal) -> None:
    turn.audit(
        held,
        f"refused.{taken.refused}" if taken.refused else f"signal.{signal.kind.value}",
        transfer=taken.after,
        from_state=taken.before.state.value,
        to_state=taken.after.state.value,
        signal_id=signal.signal_id,
        speaker=f"{signal.speaker.value}:{signal.speaker_id}",
        said_at=signal.said_at,
        reason=signal.reason,
    )
