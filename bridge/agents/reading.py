"""What every record is before its bytes mean anything: a place, a time, and perhaps unreadable."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bridge.domain.record import Place, UnreadableRecord
from bridge.engine.batch import Batch, Record
from bridge.errors import UndecodableError
from bridge.handling.turn import Positions

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def place_of(record: Record) -> Place:
    """Where it was read and when Kafka says it was produced."""
    produced_at = _EPOCH + timedelta(milliseconds=max(record.timestamp, 0))
    return Place(record.topic, record.partition, record.offset, produced_at)


def unreadable(record: Record, error: UndecodableError) -> UnreadableRecord:
    """The record as it came, with the reason it could not be read."""
    return UnreadableRecord(place_of(record), error.reason, record.value, record.key)


def everything(batches: Sequence[Batch[T]]) -> tuple[list[T], Positions]:
    """What waits, in order per partition, and where to go on reading once it is committed."""
    records = [decoded for batch in batches for decoded in batch.decoded]
    positions: dict[tuple[str, int], int] = {}
    for batch in batches:
        positions[batch.topic, batch.partition] = batch.next_offset
    return records, positions
