"""A transfer: one attempt to hand one call to one destination, and the table of its life.

`step` is told the signal and the instant; it answers the transfer that follows and what must be done.
An empty cell of the table is a refusal: nothing changes, and whoever spoke is told "too late".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bridge.domain.decision import TransferKind
from bridge.domain.destination import Waits
from bridge.domain.ids import NINE_ONE_ONE, AgencyId, DestinationId, IncidentId, TransferId
from bridge.domain.signal import ABOUT, About, Signal, SignalKind


class State(StrEnum):
    """Where a transfer stands. An end never changes again."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    ALERTING = "alerting"
    QUEUED = "queued"
    ANSWERED = "answered"
    CONNECTED = "connected"
    HELD = "held"
    CLAIMED = "claimed"
    RETURNING = "returning"
    CLOSED = "closed"
    RETURNED = "returned"
    DECLINED = "declined"
    EXPIRED = "expired"
    FAILED = "failed"
    RECALLED = "recalled"
    ABANDONED = "abandoned"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Warmth(StrEnum):
    """How a voice call came over: introduced as the policy demands, without that, or lost on the way."""

    WARM = "warm"
    COLD = "cold"
    DROPPED = "dropped"


S, K = State, SignalKind

WAITING = frozenset({S.PROPOSED, S.OFFERED, S.ALERTING, S.QUEUED, S.ANSWERED})
"""911 holds the call and waits for the destination."""

HOLDING = frozenset({S.CONNECTED, S.HELD, S.CLAIMED, S.RETURNING})
"""The destination holds the call."""

ENDS = frozenset(State) - WAITING - HOLDING

_BEFORE_CONTACT: Mapping[SignalKind, State] = {
    K.REJECTED: S.RECALLED,
    K.HUNG_UP: S.ABANDONED,
    K.WITHDRAWN: S.WITHDRAWN,
    K.RECALLED: S.RECALLED,
    K.DANGER: S.RECALLED,
}
_OUT: Mapping[SignalKind, State] = {
    **_BEFORE_CONTACT,
    K.ALERTING: S.ALERTING,
    K.QUEUED: S.QUEUED,
    K.ANSWERED: S.ANSWERED,
    K.VOICE_CONTACT: S.CONNECTED,
    K.CLAIMED: S.CLAIMED,
    K.DECLINED: S.DECLINED,
    K.DEADLINE: S.EXPIRED,
}

TABLE: Mapping[State, Mapping[SignalKind, State]] = {
    S.PROPOSED: {**_BEFORE_CONTACT, K.CONFIRMED: S.OFFERED, K.DEADLINE: S.LAPSED},
    S.OFFERED: {**_OUT, K.CONFIRMED: S.OFFERED, K.DELIVERY_FAILED: S.FAILED},
    S.ALERTING: {**_OUT, K.CONFIRMED: S.ALERTING, K.DELIVERY_FAILED: S.ALERTING},
    S.QUEUED: {**_OUT, K.CONFIRMED: S.QUEUED, K.DELIVERY_FAILED: S.QUEUED},
    S.ANSWERED: {
        **{signal: state for signal, state in _OUT.items() if signal not in {K.QUEUED, K.REJECTED}},
        K.ALERTING: S.ANSWERED,
        K.DELIVERY_FAILED: S.ANSWERED,
    },
    S.CONNECTED: {
        K.ANSWERED: S.CONNECTED,
        K.VOICE_CONTACT: S.CONNECTED,
        K.RELEASED: S.HELD,
        K.DELIVERY_FAILED: S.CONNECTED,
        K.HUNG_UP: S.CLAIMED,
        K.DANGER: S.CONNECTED,
        K.RETURN_ASKED: S.RETURNING,
        K.CLOSED: S.CLOSED,
        K.DEADLINE: S.CONNECTED,
    },
    S.HELD: {
        K.VOICE_CONTACT: S.HELD,
        K.RELEASED: S.HELD,
        K.DELIVERY_FAILED: S.HELD,
        K.HUNG_UP: S.CLAIMED,
        K.DANGER: S.HELD,
        K.RETURN_ASKED: S.RETURNING,
        K.CLOSED: S.CLOSED,
        K.DEADLINE: S.HELD,
    },
    S.CLAIMED: {
        K.VOICE_CONTACT: S.HELD,
        K.CLAIMED: S.CLAIMED,
        K.DELIVERY_FAILED: S.CLAIMED,
        K.HUNG_UP: S.CLAIMED,
        K.DANGER: S.CLAIMED,
        K.RETURN_ASKED: S.RETURNING,
        K.CLOSED: S.CLOSED,
        K.DEADLINE: S.RETURNING,
    },
    S.RETURNING: {
        K.DELIVERY_FAILED: S.RETURNING,
        K.HUNG_UP: S.RETURNING,
        K.DANGER: S.RETURNING,
        K.RETURN_ASKED: S.RETURNING,
        K.RETURN_TAKEN: S.RETURNED,
        K.CLOSED: S.CLOSED,
        K.DEADLINE: S.RETURNING,
    },
    **{end: {} for end in sorted(ENDS)},
}
"""STATE x SIGNAL -> STATE. Two cells have a condition, see `refusal` and `_stays_on_hang_up`."""

TRANSFER_SIGNALS = tuple(kind for kind in K if ABOUT[kind] is About.TRANSFER and kind is not K.UNKNOWN)
"""The columns of the table, in the order of the kinds."""


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
    NEXT_DESTINATION = "next_destination"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer. `deadline` is set in every state that is not an end; `budget_until` bounds the asking.

    `since` is when the present state began. `from_holder` is the destination that hands a call of its own on:
    it holds the caller while this one is asked. `teams` are those who were all told, when the first to claim
    has the call; `destination` is the group until then, and the claimer after. `caller_told` and
    `identity_given` are what the call taker says of the introduction, `outcome` what became of the call.
    """

    transfer_id: TransferId
    incident_id: IncidentId
    agency: AgencyId
    destination: DestinationId
    kind: TransferKind
    state: State
    attempt: int
    created_at: datetime
    budget_until: datetime
    deadline: datetime | None
    offered_at: datetime | None = None
    callback_agreed: bool = False
    since: datetime | None = None
    sequence: int = 0
    practice: bool = False
    from_holder: DestinationId | None = None
    teams: tuple[DestinationId, ...] = ()
    caller_told: bool = False
    identity_given: bool = False
    warmth: Warmth | None = None
    outcome: str = ""
    reason: str = ""
    follow_up_at: datetime | None = None
    ways_tried: int = 0

    @property
    def holder(self) -> str:
        """Who is responsible for the caller: `911`, or a destination's id."""
        if self.state in HOLDING or self.state is S.CLOSED:
            return self.destination
        return self.from_holder or NINE_ONE_ONE


@dataclass(frozen=True, slots=True)
class Step:
    """What a signal did. `refused` is the reason in a word, or empty."""

    before: Transfer
    after: Transfer
    effects: tuple[Effect, ...] = ()
    refused: str = ""

    @property
    def moved(self) -> bool:
        """Whether the state changed."""
        return self.before.state is not self.after.state


def step(transfer: Transfer, signal: Signal, *, now: datetime, waits: Waits) -> Step:
    """The transfer after `signal` at `now`. Pure: the same arguments, the same step."""
    refused = refusal(transfer, signal)
    if refused:
        return Step(transfer, transfer, _effects_of_refusal(transfer, signal), refused)
    target = TABLE[transfer.state][signal.kind]
    agreed = transfer.callback_agreed or signal.callback_agreed
    to_call_back = False
    if target is S.ABANDONED and _stays_on_hang_up(transfer, signal):
        target = transfer.state
        to_call_back = agreed
        waits = replace(waits, **{target.value: waits.claimed}) if agreed else waits
    since = transfer.since if target is transfer.state else now
    after = replace(transfer, state=target, callback_agreed=agreed, since=since)
    agreed_now = agreed and not transfer.callback_agreed
    if target is not transfer.state or signal.kind is K.DEADLINE or agreed_now or to_call_back:
        after = replace(after, deadline=deadline_of(after, now=now, waits=waits))
    if target is S.OFFERED and transfer.state is S.PROPOSED:
        after = replace(after, offered_at=now)
    return Step(transfer, after, _effects(transfer.state, signal.kind, target))


def refusal(transfer: Transfer, signal: Signal) -> str:
    """Why this signal changes nothing here, or an empty string when it is allowed."""
    if transfer.state in ENDS:
        return "ended"
    if signal.kind not in TABLE[transfer.state]:
        return "not_in_this_state"
    has_a_voice = transfer.kind is TransferKind.VOICE
    agreed = transfer.callback_agreed or signal.callback_agreed
    if signal.kind is K.CLAIMED and transfer.state in WAITING and has_a_voice and not agreed:
        return "caller_is_on_the_line"
    return ""


def deadline_of(transfer: Transfer, *, now: datetime, waits: Waits) -> datetime | None:
    """When the present state ends by itself.

    While 911 holds the call the asking stays within the call's budget, unless a call-back was agreed.
    """
    if transfer.state in ENDS:
        return None
    wait: float = getattr(waits, transfer.state.value)
    due = now + timedelta(seconds=wait)
    bounded = transfer.state in WAITING - {S.PROPOSED} and not transfer.callback_agreed
    return min(due, transfer.budget_until) if bounded else due


def _stays_on_hang_up(transfer: Transfer, signal: Signal) -> bool:
    """Data: the person in need is still there. Voice: only when the caller agreed to a call-back."""
    agreed = transfer.callback_agreed or signal.callback_agreed
    return signal.kind is K.HUNG_UP and (transfer.kind is TransferKind.DATA or agreed)


_ASK_THE_NEXT = frozenset({S.DECLINED, S.EXPIRED, S.FAILED})
_KNOWN_TO_THE_DESTINATION = frozenset({S.DECLINED, S.CLOSED})


def _effects(before: State, signal: SignalKind, after: State) -> tuple[Effect, ...]:
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
        return (Effect.REMIND_CALL_TAKER if state is S.CONNECTED else Effect.ALARM,)
    return ()


def _effects_of_refusal(transfer: Transfer, signal: Signal) -> tuple[Effect, ...]:
    """The destination is told "911 has this call"; 911 is told "they say they are talking"."""
    late_contact = signal.kind in {K.VOICE_CONTACT, K.CLAIMED} and transfer.state in ENDS
    if late_contact:
        return (Effect.TELL_DESTINATION_REFUSED, Effect.TELL_911_LATE_SIGNAL)
    if signal.speaker_id == transfer.destination:
        return (Effect.TELL_DESTINATION_REFUSED,)
    return ()
