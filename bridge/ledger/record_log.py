"""What the ledger's checks ask of Kafka: the records that a partition still keeps, in order.

The ledger does not know Kafka; whoever does hands in something that answers this.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LogRecord:
    """A record that Kafka keeps. `message_id` and `source` are its CloudEvents id and source, or empty."""

    offset: int
    produced_at: datetime
    message_id: str
    source: str
    sha256: bytes


class RecordLog(Protocol):
    """Kafka, for looking only."""

    async def partitions(self, topic: str) -> Sequence[int]:
        """The partitions of a topic; none when there is no such topic."""

    async def reach(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset that is kept, and the one that the next record will have."""

    def read(self, topic: str, partition: int, first: int, until: int) -> AsyncIterator[Sequence[LogRecord]]:
        """The records in [first, until) that are kept, in order, some at a time."""
