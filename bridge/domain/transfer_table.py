"""The states of a transfer and the table of its life: what each signal makes of it.

An empty cell of the table is a refusal: nothing changes, and whoever spoke is told "too late".
"""

from collections.abc import Mapping
from enum import StrEnum

from bridge.domain.signal import ABOUT, About, SignalKind


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
