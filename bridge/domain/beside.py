"""What is said beside a transfer: it is kept and told, and the transfer stays where it is.

An introduction, a request for police who need not hurry, what a team did after the hand-over, and the wish to
hand the call on. Each is taken in some states only.
"""

from collections.abc import Mapping
from dataclasses import replace

from bridge.domain.effects import Effect, effects_of_refusal
from bridge.domain.signal import Signal, SignalKind
from bridge.domain.transfer import Step, Transfer
from bridge.domain.transfer_table import ENDS, HOLDING, WAITING, State

S, K = State, SignalKind

_ON_THE_LINE = WAITING - {S.PROPOSED} | {S.CONNECTED}
_HAS_THE_CALL = HOLDING - {S.RETURNING}

TAKEN_IN: Mapping[SignalKind, frozenset[State]] = {
    K.CALLER_TOLD: WAITING | {S.CONNECTED},
    K.IDENTITY_GIVEN: _ON_THE_LINE,
    K.HANDED_ON: _HAS_THE_CALL,
    K.POLICE_FOLLOW_UP: HOLDING | {S.CLOSED},
    K.TEAM_SENT: _HAS_THE_CALL | {S.CLOSED},
    K.TEAM_ON_SCENE: _HAS_THE_CALL | {S.CLOSED},
    K.TEAM_CLEARED: _HAS_THE_CALL | {S.CLOSED},
}
"""SIGNAL -> the states in which it is taken. A team goes on after its call was closed."""

_EFFECTS: Mapping[SignalKind, tuple[Effect, ...]] = {
    K.POLICE_FOLLOW_UP: (Effect.TELL_911_FOLLOW_UP,),
    K.TEAM_SENT: (Effect.TELL_911_TEAM,),
    K.TEAM_ON_SCENE: (Effect.TELL_911_TEAM,),
    K.TEAM_CLEARED: (Effect.TELL_911_TEAM,),
}


def note(transfer: Transfer, signal: Signal) -> Step:
    """The transfer with what was said beside it. Pure: the same arguments, the same step."""
    if transfer.state not in TAKEN_IN[signal.kind]:
        refused = "ended" if transfer.state in ENDS else "not_in_this_state"
        theirs = signal.speaker_id in {transfer.destination, *transfer.teams}
        return Step(transfer, transfer, effects_of_refusal(transfer.state, signal, theirs=theirs), refused)
    after = transfer
    if signal.kind is K.CALLER_TOLD:
        after = replace(transfer, caller_told=True)
    elif signal.kind is K.IDENTITY_GIVEN:
        after = replace(transfer, identity_given=True)
    return Step(transfer, after, _EFFECTS.get(signal.kind, ()))
