"""Signals from outside: what somebody did about a transfer, in bytes and back.

A signal without its ids, or of a speaker we do not know, is refused; an unknown kind is read as UNKNOWN.
Whether the speaker may say it, and whether it is still time, is not known here.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, SignalId, TransferId
from bridge.domain.signal import Signal
from bridge.wire.frames import Frames
from bridge.wire.moments import read_moment, write_moment
from bridge.wire.repairs import Repairs, check_ids
from bridge.wire.schemas import SchemaName
from bridge.wire.symbols import INDEX_OF_SIGNAL_KIND, INDEX_OF_SPEAKER, SIGNAL_KINDS, SPEAKERS

_IDS = ("signal_id", "transfer_id", "incident_id", "agency")
_CODES = ("speaker_id", "reason", "outcome", "return_to", "prefers")


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
    check_ids(record, _IDS)
    repairs = Repairs(now)
    repairs.needed_moment(record, "said_at")
    repairs.codes(record, _CODES)
    repairs.typed(record["text"], "text")
    signal = Signal(
        SignalId(record["signal_id"]),
        TransferId(record["transfer_id"]),
        IncidentId(record["incident_id"]),
        AgencyId(record["agency"]),
        SIGNAL_KINDS[record["kind"]],
        SPEAKERS[record["speaker"]],
        record["speaker_id"],
        read_moment(record["said_at"]),
        record["reason"],
        record["text"],
        record["outcome"],
        record["return_to"],
        DestinationId(record["prefers"]) if record["prefers"] else None,
        record["callback_agreed"],
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
    }
    return frames.write(SchemaName.SIGNAL, record)
