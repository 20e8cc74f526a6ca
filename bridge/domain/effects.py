"""What must be done because of a transfer's step, in the same transaction.

It follows from the state before, the signal and the state after, and from nothing else.
"""

from enum import StrEnum

from bridge.domain.signal import Signal, SignalKind
from bridge.domain.transfer_table import ENDS, HOLDING, State

S, K = State, SignalKind


class Effect(StrEnum):
    """What must be done because of a step, in the same transaction."""

    SEND_OFFER = "send_offer"
    WITHDRAW_OFFER = "withdraw_offer"
    TELL_DESTINATION_DANGER = "tell_destination_danger"
    TELL_DESTINATION_REFUSED = "tell_destination_refused"
    TELL_DESTINATION_ENDED = "tell_destination_ended"
    TELL_911_OFFERED = "tell_911_offered"
    TELL_911_HELD = "tell_911_held"
    TELL_911_RETURN_ASKED = "tell_911_return_asked"
    TELL_911_ENDED = "tell_911_ended"
    TELL_911_OUTCOME = "tell_911_outcome"
    TELL_911_DANGER = "tell_911_danger"
    TELL_911_LATE_SIGNAL = "tell_911_late_signal"
    REMIND_CALL_TAKER = "remind_call_taker"
    ALARM = "alarm"
    TELL_911_ANOTHER_WAY = "tell_911_another_way"
    TELL_911_FOLLOW_UP = "tell_911_follow_up"
    TELL_911_TEAM = "tell_911_team"
    TELL_OTHER_TEAMS_TAKEN = "tell_other_teams_taken"
    TELL_FROM_HOLDER = "tell_from_holder"
    NEXT_DESTINATION = "next_destination"


_ASK_THE_NEXT = frozenset({S.DECLINED, S.EXPIRED, S.FAILED})
_KNOWN_TO_THE_DESTINATION = frozenset({S.DECLINED, S.CLOSED})


def effects_of_step(before: State, signal: SignalKind, after: State) -> tuple[Effect, ...]:
    """What follows when `signal` makes `after` of `before`."""
    if before is after:
        return _effects_of_staying(signal, after)
    if after is S.OFFERED:
        return (Effect.SEND_OFFER, Effect.TELL_911_OFFERED)
    if after in HOLDING:
        if after is S.RETURNING:
            return (Effect.TELL_911_RETURN_ASKED,)
        return (Effect.TELL_911_HELD,)
    if after not in ENDS:
        return ()
    if after is S.CLOSED:
        return (Effect.TELL_911_OUTCOME,)
    effects = [Effect.TELL_911_ENDED]
    if after is S.RETURNED:
        effects.append(Effect.TELL_DESTINATION_ENDED)
    elif before is not S.PROPOSED and after not in _KNOWN_TO_THE_DESTINATION:
        effects.append(Effect.WITHDRAW_OFFER)
    if after in _ASK_THE_NEXT:
        effects.append(Effect.NEXT_DESTINATION)
    return tuple(effects)


def _effects_of_staying(signal: SignalKind, state: State) -> tuple[Effect, ...]:
    if signal is K.DANGER:
        return (Effect.TELL_DESTINATION_DANGER, Effect.TELL_911_DANGER)
    if signal is K.DEADLINE:
        if state is S.RETURNING:
            return (Effect.TELL_911_ANOTHER_WAY, Effect.ALARM)
        return (Effect.REMIND_CALL_TAKER if state is S.CONNECTED else Effect.ALARM,)
    return ()


def effects_of_refusal(state: State, signal: Signal, *, theirs: bool) -> tuple[Effect, ...]:
    """The destination is told "911 has this call"; 911 is told "they say they are talking"."""
    late_contact = signal.kind in {K.VOICE_CONTACT, K.CLAIMED} and state in ENDS
    if late_contact:
        return (Effect.TELL_DESTINATION_REFUSED, Effect.TELL_911_LATE_SIGNAL)
    if theirs:
        return (Effect.TELL_DESTINATION_REFUSED,)
    return ()
