"""Which offset of one partition may be committed: the end of the unbroken run of acked batches.

Batches are named by their last offset. Offsets may have holes (compaction, transaction markers); the order of
delivery, not arithmetic on offsets, decides what is next, so holes need no special case.
"""

from collections import deque

from bridge.errors import EngineError


class Prefix:
    """The delivered batches of one partition in one epoch of reading."""

    __slots__ = ("_acked", "_delivered", "_newest", "end")

    def __init__(self) -> None:
        self._delivered: deque[int] = deque()
        self._acked: set[int] = set()
        self._newest: int | None = None
        #: The offset to commit, or None while nothing may be committed. Never goes back.
        self.end: int | None = None

    def deliver(self, last: int) -> None:
        """Note a batch that ends at offset `last`. Raises EngineError when reading went backwards."""
        if self._newest is not None and last <= self._newest:
            raise EngineError(f"offset {last} was read after {self._newest}: restart the worker")
        self._newest = last
        self._delivered.append(last)

    def ack(self, last: int) -> None:
        """Note that a delivered batch is in the ledger. Raises EngineError for one never delivered."""
        if last not in self._delivered or last in self._acked:
            raise EngineError(f"offset {last} was acked but is not in flight: restart the worker")
        self._acked.add(last)
        while self._delivered and self._delivered[0] in self._acked:
            done = self._delivered.popleft()
            self._acked.discard(done)
            self.end = done + 1

    @property
    def in_flight(self) -> int:
        """Batches delivered and not yet part of the committed run."""
        return len(self._delivered)
