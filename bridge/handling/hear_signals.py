"""Signals: what somebody did about a transfer, applied once, in the table's words.

The same verb serves every way a signal can come. A signal the table refuses changes nothing: it is
audited, and whoever spoke is told. One about a transfer we do not know is quarantined.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.domain.ids import TransferId
from bridge.domain.record import InboxRecord, UnreadableRecord
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer
from bridge.handling.advancing import advance, refuse
from bridge.handling.claiming import conflicting_repeats
from bridge.handling.context import Handling
from bridge.handling.quarantining import quarantine
from bridge.handling.retrying import until_committed
from bridge.handling.turn import Positions, Turn, commit
from bridge.ledger.rows import LockedIncident
from bridge.ledger.turns import incident_key

BY_911 = frozenset(
    {
        SignalKind.CONFIRMED,
        SignalKind.REJECTED,
        SignalKind.RELEASED,
        SignalKind.RECALLED,
        SignalKind.RETURN_TAKEN,
    }
)
BY_DESTINATION = frozenset(
    {
        SignalKind.ALERTING,
        SignalKind.QUEUED,
        SignalKind.ANSWERED,
        SignalKind.VOICE_CONTACT,
        SignalKind.CLAIMED,
        SignalKind.DECLINED,
        SignalKind.RETURN_ASKED,
        SignalKind.CLOSED,
    }
)
BY_EITHER = frozenset({SignalKind.HUNG_UP, SignalKind.WITHDRAWN})
"""Nobody outside may say the rest: danger, delivery_failed and deadline are the bridge's own."""

IN_WORDS = "in_words"
"""Stands for a reason that is no code; the words themselves go where free text goes."""
NAMELESS = "unlisted"
"""Stands for a speaker's id that is no id."""

_CODE = re.compile(r"(?!.*\d{7})[A-Za-z0-9_.:/-]{0,100}")
_SPEAKER = re.compile(r"[A-Za-z0-9_.:/@-]{1,200}")


@dataclass(frozen=True, slots=True)
class SignalRecord:
    """A signal and where it was read."""

    inbox: InboxRecord
    signal: Signal
    content: bytes


async def hear_signals(
    handling: Handling, records: Sequence[SignalRecord | UnreadableRecord], positions: Positions
) -> None:
    """Apply everything that waits, in one transaction; returns after COMMIT."""
    await until_committed(handling, lambda: _one_turn(handling, records, positions))


async def _one_turn(
    handling: Handling, records: Sequence[SignalRecord | UnreadableRecord], positions: Positions
) -> None:
    readable = [record for record in records if isinstance(record, SignalRecord)]
    unreadable = [record for record in records if isinstance(record, UnreadableRecord)]
    async with handling.ledger.turn() as tx:
        fresh = await tx.claim_records([record.inbox for record in readable]) if readable else []
        unreadable.extend(await conflicting_repeats(tx, readable, set(fresh)))
        taken = [readable[index] for index in fresh]
        held, transfers = await tx.lock_incidents(
            [incident_key(record.signal.agency, record.signal.incident_id) for record in taken],
            [record.signal.transfer_id for record in taken],
        )
        turn = Turn(handling, tx, tx.now or await tx.clock(), handling.rules())
        unknown = [record for record in taken if not _hear(turn, held, transfers, in_codes(record.signal))]
        if unknown:
            await tx.mark_unknown([record.inbox.place for record in unknown], "unknown_transfer")
        if unreadable:
            await quarantine(turn, unreadable, tell_911=False)
        leased = await turn.write(positions)
    for record in unknown:
        handling.metrics.signals.add(record.signal.kind, "unknown")
    await commit(turn, leased)


def _hear(
    turn: Turn,
    held: Mapping[str, LockedIncident],
    transfers: Mapping[TransferId, Transfer],
    signal: Signal,
) -> bool:
    """Apply one signal; False when it speaks of a transfer the ledger does not know."""
    locked = held.get(incident_key(signal.agency, signal.incident_id))
    transfer = turn.transfer(locked, signal.transfer_id) or transfers.get(signal.transfer_id)
    if locked is None or transfer is None or transfer.incident_id != signal.incident_id:
        return False
    if may_say(signal, transfer):
        advance(turn, locked, transfer, signal)
    else:
        refuse(turn, locked, transfer, signal, "not_yours_to_say")
    return True


def in_codes(signal: Signal) -> Signal:
    """The signal with nothing but codes where everybody may read: audit, status and logs.

    A reason in words may be a caller's words; it is kept with the free text, which is sealed.
    """
    if not _SPEAKER.fullmatch(signal.speaker_id):
        signal = replace(signal, speaker_id=NAMELESS)
    if _CODE.fullmatch(signal.reason):
        return signal
    words = "\n".join(filter(None, (signal.reason, signal.text)))
    return replace(signal, reason=IN_WORDS, text=words)


def may_say(signal: Signal, transfer: Transfer) -> bool:
    """Whether this speaker may give this signal about this transfer."""
    if signal.speaker is Speaker.DESTINATION:
        theirs = signal.speaker_id == transfer.destination
        return theirs and signal.kind in BY_DESTINATION | BY_EITHER
    return signal.speaker is Speaker.NINE_ONE_ONE and signal.kind in BY_911 | BY_EITHER
