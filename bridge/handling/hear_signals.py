"""Signals: what somebody did, applied once, in the words of the table of whatever it is about.

The same verb serves every way a signal can come. A signal that a table refuses changes nothing: it is
audited, and whoever spoke is told. One about something we do not know is kept as unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bridge.domain.ids import TransferId
from bridge.domain.record import InboxRecord, UnreadableRecord
from bridge.domain.signal import About, Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer
from bridge.handling.advancing import advance, refuse, take_note
from bridge.handling.claiming import conflicting_repeats
from bridge.handling.consulting import hear_consult
from bridge.handling.context import Handling
from bridge.handling.heard import DUPLICATE, Heard, Listener, Outcome
from bridge.handling.hearing_destinations import hear_destination, lock_who_speaks
from bridge.handling.legs import hear_leg, linked_key
from bridge.handling.own_calls import hear_own_call
from bridge.handling.passing_over import look_at_destinations
from bridge.handling.proposing import hear_proposal
from bridge.handling.quarantining import quarantine
from bridge.handling.rescuing import hear_rescue
from bridge.handling.retrying import until_committed
from bridge.handling.shadowing import decide_beside
from bridge.handling.speaking import in_codes, is_late, may_say, said_no
from bridge.handling.telling import NOT_ASKED, TAKEN, tell_who_was_late
from bridge.handling.turn import Positions, Turn, commit
from bridge.ledger.rows import LeasedMessage, LockedIncident
from bridge.ledger.turns import TurnTransaction, incident_key

OPENS = frozenset(
    {SignalKind.CALL_OPENED, SignalKind.REFERRED, SignalKind.AWARENESS, SignalKind.HELP_REQUESTED}
)
"""Signals that can begin a call: there may be no incident yet."""


@dataclass(frozen=True, slots=True)
class SignalRecord:
    """A signal and where it was read."""

    inbox: InboxRecord
    signal: Signal
    content: bytes


Read = SignalRecord | UnreadableRecord


NOTHING_LOCKED: Mapping[str, LockedIncident] = {}


@dataclass(frozen=True, slots=True)
class Written:
    """A turn that is written and not yet committed; `heard` is what came of each readable record."""

    turn: Turn
    leased: Sequence[LeasedMessage]
    heard: Sequence[Heard]


async def hear_signals(handling: Handling, records: Sequence[Read], positions: Positions) -> Sequence[Heard]:
    """Apply everything that waits, in one transaction; answer after COMMIT what came of each signal."""

    async def one_turn() -> Sequence[Heard]:
        async with handling.ledger.turn() as tx:
            readable = [record for record in records if isinstance(record, SignalRecord)]
            fresh = await tx.claim_records([record.inbox for record in readable]) if readable else []
            turn, heard = await hear_taken(handling, tx, readable, fresh)
            unreadable = [record for record in records if isinstance(record, UnreadableRecord)]
            if unreadable:
                await quarantine(turn, unreadable, tell_911=False)
            written = Written(turn, await turn.write(positions), heard)
        await committed(written)
        return written.heard

    return await until_committed(handling, one_turn)


async def hear_taken(
    handling: Handling,
    tx: TurnTransaction,
    records: Sequence[SignalRecord],
    fresh: Sequence[int],
    locked: Mapping[str, LockedIncident] = NOTHING_LOCKED,
) -> tuple[Turn, list[Heard]]:
    """Hear those records of which the inbox holds the indexes in `fresh`; nothing is written yet.

    `locked` are incidents that this transaction has locked already, with the transfers that are spoken of.
    """
    taken = [records[index] for index in fresh]
    conflicts = await conflicting_repeats(tx, records, set(fresh))
    opening = [record.signal for record in taken if _opens(record.signal)]
    named = [(signal.agency, signal.incident_id) for signal in opening]
    held = {**locked, **(await tx.open_incidents(named) if named else {})}
    others = _concerned(record.signal for record in taken) - held.keys()
    spoken_of = {record.signal.transfer_id for record in taken if record.signal.transfer_id}
    transfers = {name: each for one in held.values() for name, each in one.transfers.items()}
    if others or not spoken_of <= transfers.keys():
        more, transfers = await tx.lock_incidents(others, sorted(spoken_of))
        held |= more
    turn = Turn(handling, tx, tx.now or await tx.clock(), handling.rules())
    callers = [(each.incident.agency, each.incident.callback) for each in held.values()]
    callers += [(signal.agency, signal.call.callback) for signal in opening if signal.call is not None]
    await turn.passes.read(tx, callers, turn.now)
    await look_at_destinations(turn)
    await lock_who_speaks(turn, (record.signal for record in taken))
    heard = [DUPLICATE] * len(records)
    for index, record in zip(fresh, taken, strict=True):
        mine = held.get(incident_key(record.signal.agency, record.signal.incident_id))
        listener = Listener(turn, mine, record.signal)
        heard[index] = listener.heard(known=_hear(turn, held, transfers, record))
    unknown = [records[index] for index in fresh if heard[index].outcome is Outcome.UNKNOWN]
    if unknown:
        await tx.mark_unknown([record.inbox.place for record in unknown], "unknown_transfer")
    if conflicts:
        await quarantine(turn, conflicts, tell_911=False)
    turn.after += [partial(handling.metrics.signals.add, each.signal.kind, "unknown") for each in unknown]
    return turn, heard


async def committed(written: Written) -> None:
    """After the COMMIT: measured, sent, and decided beside."""
    await commit(written.turn, written.leased)
    await decide_beside(written.turn)


def _concerned(signals: Iterable[Signal]) -> set[str]:
    """The incidents that signals are about; two can be one happening."""
    keys = {(incident_key(signal.agency, signal.incident_id), linked_key(signal)) for signal in signals}
    return {key for both in keys for key in both if key}


def _opens(signal: Signal) -> bool:
    return signal.kind in OPENS and signal.speaker is Speaker.DESTINATION


def _hear(
    turn: Turn,
    held: Mapping[str, LockedIncident],
    transfers: Mapping[TransferId, Transfer],
    record: SignalRecord,
) -> bool:
    """Apply one signal; False when it speaks of something the ledger does not know."""
    signal = in_codes(record.signal)
    locked = held.get(incident_key(signal.agency, signal.incident_id))
    if signal.about in {About.TRANSFER, About.BESIDE}:
        return _hear_of_transfer(turn, locked, transfers, signal)
    if signal.about is About.DESTINATION:
        return hear_destination(turn, signal, record.inbox.place)
    if locked is None:
        return False
    if signal.about is About.OWN_CALL:
        return hear_own_call(turn, locked, signal, record.inbox.place)
    if signal.about is About.RESCUE:
        return hear_rescue(turn, locked, signal, record.inbox.place)
    if signal.about is About.CONSULT:
        return hear_consult(turn, locked, signal)
    if signal.about is About.LEG:
        return hear_leg(turn, locked, signal, held)
    if signal.about is About.INCIDENT:
        hear_proposal(turn, locked, signal)
        return True
    return False


def _hear_of_transfer(
    turn: Turn, held: LockedIncident | None, transfers: Mapping[TransferId, Transfer], signal: Signal
) -> bool:
    transfer = turn.transfer(held, signal.transfer_id) or transfers.get(signal.transfer_id)
    if held is None or transfer is None or transfer.incident_id != signal.incident_id:
        return False
    if may_say(signal, transfer):
        hear = advance if signal.about is About.TRANSFER else take_note
        hear(turn, held, transfer, signal)
    elif is_late(signal, transfer):
        refuse(turn, held, transfer, signal, TAKEN)
        tell_who_was_late(turn, held, transfer, signal, f"{TAKEN}:{transfer.destination}")
    elif said_no(signal, transfer, turn.rules.groups):
        refuse(turn, held, transfer, signal, NOT_ASKED)
        tell_who_was_late(turn, held, transfer, signal, NOT_ASKED)
    else:
        refuse(turn, held, transfer, signal, "not_yours_to_say")
    return True
