"""What earlier rows said of each incident: enough to tell news from repetition, and no cell in clear.

A cell is kept as a mark, a short digest: whether it changed can be told, what it said cannot be read.
The incidents seen last are remembered. Knows nothing of rows and nothing of disks.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Protocol

from bridge.domain.ids import IncidentId

REMEMBERED = 20_000

_MARK_BYTES = 8


def mark(cell: str) -> str:
    """What is kept of a cell: 16 hexadecimal digits that follow from it."""
    return blake2b(cell.encode(), digest_size=_MARK_BYTES).hexdigest()


def marks(cells: Mapping[str, str]) -> dict[str, str]:
    """The marks of some cells, by column."""
    return {column: mark(cell) for column, cell in cells.items()}


@dataclass(slots=True)
class Known:
    """What earlier rows said of one incident, and when it was said last.

    `first` is when it was first said to have happened. `shared` are marks by column, `outcome` those of what
    became known in the end; `units` the same for each unit, which is a mark itself; `entries` are marks of
    what was read of logs and lists; `announced` counts how often each content was news.
    """

    at: datetime
    first: datetime | None = None
    over: bool = False
    shared: dict[str, str] = field(default_factory=dict)
    outcome: dict[str, str] = field(default_factory=dict)
    units: dict[str, dict[str, str]] = field(default_factory=dict)
    entries: set[str] = field(default_factory=set)
    announced: Counter[str] = field(default_factory=Counter)

    def copy(self) -> "Known":
        """The same, to be changed apart."""
        units = {unit: dict(said) for unit, said in self.units.items()}
        return replace(
            self,
            shared=dict(self.shared),
            outcome=dict(self.outcome),
            units=units,
            entries=set(self.entries),
            announced=Counter(self.announced),
        )


class Memory(Protocol):
    """What the folding of rows asks and tells."""

    def recall(self, incident: IncidentId) -> Known | None:
        """What is known of an incident, to be changed at will; it counts as seen now."""

    def keep(self, incident: IncidentId, known: Known) -> None:
        """Something new is known of an incident."""


class Remembered:
    """A memory that forgets the incidents that were not seen for longest."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._known: dict[IncidentId, Known] = {}
        self._limit = limit

    def __len__(self) -> int:
        return len(self._known)

    def recall(self, incident: IncidentId) -> Known | None:
        """What is known; the incident is now the last that was seen."""
        known = self._known.pop(incident, None)
        if known is not None:
            self._known[incident] = known
        return known

    def keep(self, incident: IncidentId, known: Known) -> None:
        """Remember, and forget whom the limit leaves no room for."""
        self._known.pop(incident, None)
        self._known[incident] = known
        while len(self._known) > self._limit:
            del self._known[next(iter(self._known))]

    def items(self) -> Iterator[tuple[IncidentId, Known]]:
        """Everything, the incident seen last at the end."""
        yield from self._known.items()


class Draft:
    """What a batch of rows adds to a memory, which stays as it is until the draft is put into it."""

    def __init__(self, memory: Remembered) -> None:
        self._memory = memory
        self.news: dict[IncidentId, Known] = {}

    def recall(self, incident: IncidentId) -> Known | None:
        """What is known with this batch; a copy, so that the memory below is not touched."""
        if incident in self.news:
            return self.news[incident]
        known = self._memory.recall(incident)
        return known.copy() if known else None

    def keep(self, incident: IncidentId, known: Known) -> None:
        """Note what is new."""
        self.news.pop(incident, None)
        self.news[incident] = known
