"""Where a lane reads on, and what the engine knows of its own reading.

Positions live in the ledger and nowhere else; Kafka's group is told them so that its tools can show lag.
This file says what the engine asks of a ledger. It knows no ledger.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bridge.engine.batch import TopicPartition


class Positions(Protocol):
    """The ledger's positions of this lane."""

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int | None]:
        """The next offset to read of each partition, and None for one this lane has never read.

        Offset 0 is a place, not an absence. Every partition asked for is in the answer.
        """
        ...


def _ignore(_partition: TopicPartition, _ledger: int, _group: int) -> None:
    return


@dataclass(frozen=True, slots=True)
class Alarms:
    """What somebody must be told at once. Called in the worker's loop; must not block."""

    #: (partition, offset): the log has no such offset; this partition stands still until a person decides.
    out_of_range: Callable[[TopicPartition, int], None] = lambda _partition, _offset: None
    #: (partition, ledger's position, group's): records were committed that the ledger does not have.
    group_ahead: Callable[[TopicPartition, int, int], None] = _ignore


@dataclass(slots=True)
class Reading:
    """Plain values, written in the worker's loop, that any thread may read."""

    #: What this worker reads now; empty between two assignments.
    assigned: frozenset[TopicPartition] = frozenset()
    #: The ledger's positions were taken up for all of `assigned`.
    positions_known: bool = False
    #: Partitions that stand still, with the offset the log does not have.
    out_of_range: dict[TopicPartition, int] = field(default_factory=dict)
    #: Partitions whose group was found ahead of the ledger, since the start.
    group_ahead: int = 0
    #: When Kafka last answered for the partition it was silent for longest, ms since 1970; None: not yet.
    heard_ms: int | None = None
    #: Records of each partition that are in the log and not fetched.
    behind: dict[TopicPartition, int] = field(default_factory=dict)
    rebalances: int = 0
    commits_failed: int = 0
    #: Batches dropped because their assignment had ended; they are read again.
    stale_batches: int = 0

    @property
    def ready(self) -> bool:
        return bool(self.assigned) and self.positions_known and not self.out_of_range
