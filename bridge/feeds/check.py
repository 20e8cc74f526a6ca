"""What a mapping makes of tables: counts of rows, events, refusals, unread cells and types. Sends nothing.

It names columns, reasons and call types, and repeats no other cell. The places of refused rows are kept, so
that somebody who may see the table can look them up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bridge.domain.cad import CadEvent, EventKind
from bridge.domain.determinant import determinant_of
from bridge.domain.ids import IncidentId
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.refusal import Refusal
from bridge.feeds.rows import NO_TIME, UNNUMBERED, Fold, Row
from bridge.feeds.unread import unread

_LONGEST_CODE = 60
_PLACES_KEPT = 20


@dataclass(slots=True)
class Types:
    """The call types that incidents had first: how often each, and what was understood of them.

    `missing` counts incidents, `missing_rows` rows that say no type themselves.
    """

    counts: Counter[str] = field(default_factory=Counter)
    determinants: int = 0
    missing: int = 0
    missing_rows: int = 0


@dataclass(slots=True)
class Checked:
    """What was counted. Every row is news, a repetition, or refused.

    `places` are the first refused rows: reason, table, number from 1. `unread` counts cells by column, and
    `silent` are columns in which no row said anything.
    """

    rows: int = 0
    repeated: int = 0
    refused: Counter[Refusal] = field(default_factory=Counter)
    places: list[tuple[Refusal, str, int]] = field(default_factory=list)
    events: Counter[EventKind] = field(default_factory=Counter)
    incidents: int = 0
    unnumbered: int = 0
    practice: int = 0
    types: Types = field(default_factory=Types)
    unread: Counter[str] = field(default_factory=Counter)
    silent: Sequence[str] = ()
    first_at: datetime | None = None
    last_at: datetime | None = None


def check(tables: Mapping[str, Iterable[Row | Refusal]], mapping: FeedMapping) -> Checked:
    """Read named tables one after the other, as snapshots of one feed, and count what comes of them."""
    checking = _Checking(mapping)
    for name, rows in tables.items():
        for number, row in enumerate(rows, 1):
            checking.take(row, name, number)
    return checking.done()


class _Checking:
    def __init__(self, mapping: FeedMapping) -> None:
        self._mapping, self._fold = mapping, Fold(mapping)
        self._checked = Checked()
        self._seen: set[IncidentId] = set()
        self._spoken: set[str] = set()

    def take(self, row: Row | Refusal, table: str, number: int) -> None:
        checked = self._checked
        checked.rows += 1
        told = self._fold.take(row)
        if isinstance(told, Refusal):
            checked.refused[told] += 1
            if len(checked.places) < _PLACES_KEPT:
                checked.places.append((told, table, number))
            return
        assert not isinstance(row, Refusal), "a refusal stays one"
        checked.repeated += not told
        said = self._fold.cells.said(row)
        self._spoken |= said.keys()
        checked.unread.update(unread(said, self._fold.cells, self._mapping))
        checked.types.missing_rows += self._fold.cells.call_type(said) is None
        for event in told:
            self._count(event)

    def _count(self, event: CadEvent) -> None:
        checked = self._checked
        checked.events[event.kind] += 1
        if event.at != NO_TIME:
            checked.first_at = min(checked.first_at or event.at, event.at)
            checked.last_at = max(checked.last_at or event.at, event.at)
        if event.incident_id in self._seen:
            return
        self._seen.add(event.incident_id)
        checked.unnumbered += event.incident_id.startswith(UNNUMBERED)
        checked.practice += event.practice
        if event.call_type is None:
            checked.types.missing += 1
        else:
            checked.types.counts[event.call_type.code[:_LONGEST_CODE]] += 1
            checked.types.determinants += determinant_of(event.call_type.determinant) is not None

    def done(self) -> Checked:
        self._checked.incidents = len(self._seen)
        self._checked.silent = [column for column in self._mapping.columns if column not in self._spoken]
        return self._checked
