"""Signals from outside: what somebody did about a transfer, in bytes and back.

A signal without the ids that its kind needs, or of a speaker we do not know, is refused; an unknown kind is
read as UNKNOWN. Whether the speaker may say it, and whether it is still time, is not known here.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, SignalId, TransferId
from bridge.domain.signal import ABOUT, About, Signal
from bridge.wire.cad_events import read_event, write_event
from bridge.wire.frames import Frames
from bridge.wire.moments import (
    Record,
    read_moment,
    read_optional_moment,
    write_moment,
    write_optional_moment,
)
from bridge.wire.repairs import Repairs, check_ids
from bridge.wire.schemas import SchemaName
from bridge.wire.sides import read_leg, read_rescue, read_state, write_leg, write_rescue, write_state
from bridge.wire.symbols import INDEX_OF_SIGNAL_KIND, INDEX_OF_SPEAKER, SIGNAL_KINDS, SPEAKERS

_IDS = ("signal_id", "transfer_id", "incident_id", "agency")
_IDS_OF = {
    **dict.fromkeys(About, ("signal_id", "incident_id", "agency")),
    About.TRANSFER: _IDS,
    About.BESIDE: _IDS,
    About.DESTINATION: ("signal_id", "speaker_id"),
}
_LONGEST_WAIT = 7 * 86_400.0
_CODES = ("speaker_id", "reason", "outcome", "return_to", "prefers")
_LEG_CODES = ("unit_id", "linked")
_RESCUE_CODES = ("counsellor", "counsellor_line", "address_ip", "basis")


@dataclass(frozen=True, slots=True)
class DecodedSignal:
    """A signal, the codes of what was repaired in it, and SHA-256 of the bytes it came in."""

    signal: Signal
    faults: tuple[str, ...]
    digest: bytes


def decode(frames: Frames, value: bytes | None, *, now: datetime) -> DecodedSignal:
    """The signal in `value`. An implausible `said_at` becomes `now`; `UndecodableError` otherwise."""
    record = frames.read(SchemaName.SIGNAL, value)
    assert value is not None
    kind = SIGNAL_KINDS[record["kind"]]
    check_ids(record, _IDS_OF[ABOUT[kind]])
    repairs = Repairs(now)
    repairs.ids(record, (*_IDS, "subject"))
    repairs.needed_moment(record, "said_at")
    repairs.codes(record, _CODES)
    repairs.typed(record["text"], "text")
    _repair_sides(record, repairs)
    call = record["call"]
    signal = Signal(
        SignalId(record["signal_id"]),
        TransferId(record["transfer_id"]),
        IncidentId(record["incident_id"]),
        AgencyId(record["agency"]),
        kind,
        SPEAKERS[record["speaker"]],
        record["speaker_id"],
        read_moment(record["said_at"]),
        record["reason"],
        record["text"],
        record["outcome"],
        record["return_to"],
        DestinationId(record["prefers"]) if record["prefers"] else None,
        record["callback_agreed"],
        record["subject"],
        read_optional_moment(record["follow_up_at"]),
        read_leg(record["leg"]),
        read_rescue(record["rescue"]),
        None if call is None else read_event(call, repairs),
        read_state(record["state"]),
        record["learnt"],
    )
    return DecodedSignal(signal, tuple(repairs.faults), sha256(value).digest())


def encode(frames: Frames, signal: Signal) -> bytes:
    """The frame of a signal, as it stands."""
    record = {
        "signal_id": signal.signal_id,
        "transfer_id": signal.transfer_id,
        "incident_id": signal.incident_id,
        "agency": signal.agency,
        "kind": INDEX_OF_SIGNAL_KIND[signal.kind],
        "speaker": INDEX_OF_SPEAKER[signal.speaker],
        "speaker_id": signal.speaker_id,
        "said_at": write_moment(signal.said_at),
        "reason": signal.reason,
        "text": signal.text,
        "outcome": signal.outcome,
        "return_to": signal.return_to,
        "prefers": signal.prefers or "",
        "callback_agreed": signal.callback_agreed,
        "subject": signal.subject,
        "follow_up_at": write_optional_moment(signal.follow_up_at),
        "leg": write_leg(signal.leg),
        "rescue": write_rescue(signal.rescue),
        "call": None if signal.call is None else ("org.bridge911.CadEvent", write_event(signal.call)),
        "state": write_state(signal.state),
        "learnt": signal.learnt,
    }
    return frames.write(SchemaName.SIGNAL, record)


def _repair_sides(record: Record, repairs: Repairs) -> None:
    repairs.moment(record, "follow_up_at", "follow_up_at")
    for said in record["learnt"].values():
        repairs.typed(said, "learnt")
    if record["leg"] is not None:
        repairs.codes(record["leg"], _LEG_CODES)
    if record["rescue"] is not None:
        repairs.codes(record["rescue"], _RESCUE_CODES)
        repairs.typed(record["rescue"]["place"], "rescue.place")
    if (state := record["state"]) is not None:
        repairs.moment(state, "away_from", "state.away_from")
        repairs.moment(state, "away_until", "state.away_until")
        wait = state["stated_wait"]
        if wait is not None and not 0 <= wait <= _LONGEST_WAIT:
            state["stated_wait"] = None
            repairs.fault("state.stated_wait")
