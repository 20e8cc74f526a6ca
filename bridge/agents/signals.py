"""Listens to hotlines, and to 911, on `hotline.signals`: each signal is applied once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bridge.agents.reading import everything, place_of, unreadable
from bridge.domain.record import InboxRecord, UnreadableRecord
from bridge.engine.batch import Batch, Record
from bridge.errors import UndecodableError
from bridge.handling.context import Handling
from bridge.handling.hear_signals import SignalRecord, hear_signals
from bridge.wire import signals
from bridge.wire.frames import Frames

Read = SignalRecord | UnreadableRecord


def reader(frames: Frames) -> Callable[[Record], Read]:
    """How a record becomes a signal. Never raises for bad input."""

    def read(record: Record) -> Read:
        try:
            decoded = signals.decode(frames, record.value, now=datetime.now(UTC))
        except UndecodableError as error:
            return unreadable(record, error)
        signal = decoded.signal
        key = f"signal/{signal.speaker_id}/{signal.signal_id}"
        inbox = InboxRecord(place_of(record), key, decoded.digest, decoded.faults)
        return SignalRecord(inbox, signal, record.value or b"")

    return read


async def turn(handling: Handling, batches: Sequence[Batch[Read]]) -> None:
    """Handle all that waits; returns after COMMIT."""
    records, positions = everything(batches)
    await hear_signals(handling, records, positions)
