"""Who may say what: 911, the destination that is asked or holds the call, or another one that is named.

Kafka does not prove who writes: whoever may write `hotline.signals` is believed about who they are. A key of
the HTTP API proves it.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from bridge.domain.codes import OTHER, is_reason, outcome_of, return_to_of
from bridge.domain.destination import Destination
from bridge.domain.ids import NINE_ONE_ONE
from bridge.domain.signal import ABOUT, About, Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import ENDS, WAITING

K = SignalKind

BY_911 = frozenset(
    {
        *(K.CONFIRMED, K.REJECTED, K.RELEASED, K.RECALLED, K.RETURN_TAKEN),
        *(K.CALLER_TOLD, K.IDENTITY_GIVEN, K.PROPOSED, K.CONSULT_ASKED),
        *(K.HELP_TAKEN, K.HELP_SENT, K.CONTACT_CONFIRMED, K.NOT_FOUND, K.STAND_DOWN, K.INCIDENTS_LINKED),
    }
)
BY_DESTINATION = frozenset(
    {
        *(K.ALERTING, K.QUEUED, K.ANSWERED, K.VOICE_CONTACT, K.CLAIMED, K.DECLINED, K.RETURN_ASKED, K.CLOSED),
        *(K.HANDED_ON, K.TEAM_SENT, K.TEAM_ON_SCENE, K.TEAM_CLEARED),
        *(K.CONSULT_JOINED, K.CONSULT_UNAVAILABLE, K.CALL_OPENED, K.REFERRED, K.AWARENESS),
        *(K.HELP_REQUESTED, K.HOTLINE_TOLD, K.HELP_CANCELLED, K.STATE_SET, K.HEARTBEAT),
    }
)
BY_EITHER = frozenset(
    {K.HUNG_UP, K.WITHDRAWN, K.POLICE_FOLLOW_UP, K.CONSULT_ENDED, K.SCENE_SAFE, K.BACKUP}
    | {kind for kind in K if ABOUT[kind] is About.LEG} - BY_911
)
"""Nobody outside may say the rest: danger, delivery_failed and deadline are the bridge's own."""

IN_WORDS = "in_words"
"""Stands for a reason that is no code; the words themselves go where free text goes."""
NAMELESS = "unlisted"
"""Stands for a speaker's id that is no id."""

_CODE = re.compile(r"(?!.*\d{7})[A-Za-z0-9_.:/-]{0,100}")
_SPEAKER = re.compile(r"[A-Za-z0-9_.:/@-]{1,200}")


def in_codes(signal: Signal) -> Signal:
    """The signal with nothing but codes where everybody may read: audit, status and logs.

    A reason in words may be a caller's words, and so may one that is of no list; it is kept with the free
    text, which is sealed.
    """
    if not _SPEAKER.fullmatch(signal.speaker_id):
        signal = replace(signal, speaker_id=NAMELESS)
    if not (_CODE.fullmatch(signal.reason) and is_reason(signal.kind, signal.reason)):
        signal = replace(signal, reason=IN_WORDS, text=_joined(signal.reason, signal.text))
    if not (signal.outcome or signal.return_to):
        return signal
    words = [said for said in (signal.outcome, signal.return_to) if not _CODE.fullmatch(said)]
    return replace(
        signal,
        outcome=OTHER if signal.outcome in words else outcome_of(signal.outcome),
        return_to=OTHER if signal.return_to in words else return_to_of(signal.return_to),
        text=_joined(*words, signal.text),
    )


def _joined(*words: str) -> str:
    return "\n".join(filter(None, words))


def may_say(signal: Signal, transfer: Transfer) -> bool:
    """Whether this speaker may give this signal about this transfer.

    While several teams are asked at once, each of them may speak; when 911 has the call again, the table says
    to each that it is too late.
    """
    if signal.speaker is Speaker.DESTINATION:
        nobody_s = transfer.state in WAITING or (transfer.state in ENDS and transfer.holder == NINE_ONE_ONE)
        asked = signal.speaker_id in transfer.teams and nobody_s
        theirs = signal.speaker_id == transfer.destination or asked
        return theirs and signal.kind in BY_DESTINATION | BY_EITHER
    return signal.speaker is Speaker.NINE_ONE_ONE and signal.kind in BY_911 | BY_EITHER


def said_no(signal: Signal, transfer: Transfer, groups: Iterable[Destination]) -> bool:
    """Whether a team that is no longer asked speaks of a call that others of its group are asked about."""
    asked = {signal.speaker_id, *transfer.teams}
    by_a_team = signal.speaker is Speaker.DESTINATION and signal.speaker_id not in transfer.teams
    return by_a_team and bool(transfer.teams) and any(asked <= set(group.teams) for group in groups)


def is_late(signal: Signal, transfer: Transfer) -> bool:
    """Whether one of several teams speaks of a call that another of them has, or had and closed."""
    by_a_team = signal.speaker is Speaker.DESTINATION and signal.speaker_id in transfer.teams
    taken = transfer.destination in transfer.teams and transfer.holder == transfer.destination
    return by_a_team and taken and signal.speaker_id != transfer.destination
