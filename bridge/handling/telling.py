"""Who is told what: each effect of a step becomes messages, numbered in the incident's order.

911 hears through `cad.returns`, a destination through its offers, everybody through `bridge.status`.
"""

from dataclasses import replace

from bridge.domain.decision import Decision
from bridge.domain.effects import Effect
from bridge.domain.ids import DestinationId
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import Signal, SignalKind
from bridge.domain.transfer import Step, Transfer
from bridge.handling.telling_911 import tell_911
from bridge.handling.telling_destinations import tell_destination, tell_who_was_not_first
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

TAKEN = "taken"
"""Why a team is refused that was not the first; who was stands behind a colon."""

NOT_ASKED = "not_asked"
"""Why a team is refused that declined, or could not be reached, while others of its group were asked."""

_TO_911 = {
    Effect.TELL_911_OFFERED: ReturnKind.OFFERED,
    Effect.TELL_911_HELD: ReturnKind.HELD,
    Effect.TELL_911_RETURN_ASKED: ReturnKind.RETURN_ASKED,
    Effect.TELL_911_ENDED: ReturnKind.ENDED,
    Effect.TELL_911_OUTCOME: ReturnKind.OUTCOME,
    Effect.TELL_911_DANGER: ReturnKind.DANGER,
    Effect.TELL_911_LATE_SIGNAL: ReturnKind.LATE_SIGNAL,
    Effect.REMIND_CALL_TAKER: ReturnKind.REMINDER,
    Effect.ALARM: ReturnKind.ALARM,
    Effect.TELL_911_ANOTHER_WAY: ReturnKind.RETURN_ASKED,
    Effect.TELL_911_FOLLOW_UP: ReturnKind.FOLLOW_UP,
    Effect.TELL_911_TEAM: ReturnKind.TEAM,
}
_TO_DESTINATION = {
    Effect.SEND_OFFER: OfferKind.OFFER,
    Effect.WITHDRAW_OFFER: OfferKind.WITHDRAWN,
    Effect.TELL_DESTINATION_DANGER: OfferKind.DANGER,
    Effect.TELL_DESTINATION_REFUSED: OfferKind.REFUSED,
    Effect.TELL_DESTINATION_ENDED: OfferKind.ENDED,
}


def tell(
    turn: Turn,
    held: LockedIncident,
    step: Step,
    signal: Signal,
    decision: Decision | None = None,
    next_destination: DestinationId | None = None,
) -> None:
    """Send what the step's effects ask for. The offer itself needs the decision it rests on."""
    for effect in step.effects:
        if effect in _TO_911:
            tell_911(
                turn,
                held,
                _TO_911[effect],
                transfer=step.after,
                signal=signal,
                decision=decision,
                next_destination=next_destination,
                another_way=step.after.ways_tried if effect is Effect.TELL_911_ANOTHER_WAY else 0,
            )
        elif effect in _TO_DESTINATION:
            reason = step.refused or signal.reason or signal.kind.value
            only = DestinationId(signal.speaker_id) if step.refused and step.after.teams else None
            kind = _TO_DESTINATION[effect]
            tell_destination(turn, held, step.after, kind, decision=decision, reason=reason, only=only)
    if step.moved:
        tell_who_was_not_first(turn, held, step)
        tell_everybody(turn, held, f"transfer.{step.after.state.value}", transfer=step.after, signal=signal)


def tell_who_was_late(
    turn: Turn, held: LockedIncident, transfer: Transfer, signal: Signal, reason: str
) -> None:
    """A team that speaks of a call that is not its own is told why; 911 too, when it says that it talks."""
    late = DestinationId(signal.speaker_id)
    tell_destination(turn, held, transfer, OfferKind.REFUSED, reason=reason, only=late)
    if signal.kind is SignalKind.VOICE_CONTACT:
        theirs = replace(transfer, destination=late)
        tell_911(turn, held, ReturnKind.LATE_SIGNAL, transfer=theirs, signal=signal)
