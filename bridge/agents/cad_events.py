"""Listens to CAD: each record of `cad.events` is recorded, screened and acted upon."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bridge.agents.reading import everything, place_of, unreadable
from bridge.domain.record import InboxRecord, UnreadableRecord
from bridge.engine.batch import Batch, Record
from bridge.errors import UndecodableError
from bridge.handling.context import Handling
from bridge.handling.record_cad_events import CadRecord, record_cad_events
from bridge.wire import cad_events
from bridge.wire.frames import Frames

Read = CadRecord | UnreadableRecord


def reader(frames: Frames) -> Callable[[Record], Read]:
    """How a record becomes a CAD event. Never raises for bad input."""

    def read(record: Record) -> Read:
        try:
            decoded = cad_events.decode(frames, record.value, now=datetime.now(UTC))
        except UndecodableError as error:
            return unreadable(record, error)
        event = decoded.event
        inbox = InboxRecord(
            place_of(record), f"{event.agency}/{event.event_id}", decoded.digest, decoded.faults
        )
        return CadRecord(inbox, event, record.value or b"")

    return read


async def turn(handling: Handling, batches: Sequence[Batch[Read]]) -> None:
    """Handle all that waits; returns after COMMIT."""
    records, positions = everything(batches)
    await record_cad_events(handling, records, positions)
