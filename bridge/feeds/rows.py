"""Rows of a table, snapshot after snapshot, folded into CAD events.

The first row of an incident creates it; another unit's row is a unit status; a changed cell is a change;
a row that brings nothing new says nothing. A cell that cannot be read is left unsaid, and its row still
counts. Event ids follow from what was read: the same rows read again give the same ids.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from bridge.domain.cad import CadEvent, EventKind
from bridge.domain.ids import EventId, IncidentId
from bridge.feeds.cells import Cells, Listed, Said
from bridge.feeds.columns import CodeColumn
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.memory import Known, Memory, Remembered, mark, marks
from bridge.feeds.refusal import Refusal

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a row that says none, where nobody says when it was read."""
UNNUMBERED = "unnumbered-"
"""How the number begins that is made for an incident that has none."""
Row = Mapping[str, str]


def events(
    rows: Iterable[Row | Refusal],
    mapping: FeedMapping,
    *,
    read_at: datetime = NO_TIME,
    memory: Memory | None = None,
    refused: Callable[[int, Refusal], object] | None = None,
) -> Iterator[CadEvent]:
    """The CAD events of every row that brings something new, in the rows' order.

    Never raises for what a row says. `refused` is told the number (from 1) of each row of which nothing can
    be used, and why. `rows` may be endless. What earlier rows said comes from `memory`, which is told what
    these add; without one, the incidents seen last are remembered, and one that was forgotten is created
    again under its old event id.
    """
    fold = Fold(mapping, read_at=read_at, memory=memory)
    for number, row in enumerate(rows, 1):
        told = fold.take(row)
        if not isinstance(told, Refusal):
            yield from told
        elif refused:
            refused(number, told)


@dataclass(slots=True)
class _Reading:
    """One row beside what is known of its incident. `call` are the cells that speak of the incident."""

    incident: IncidentId
    said: Said
    call: Said
    at: datetime
    known: Known
    is_new: bool


class Fold:
    """Takes one row of a feed after the other and says what is new in it.

    A row whose time cannot be read takes its incident's last time, else the feed's, else `read_at` (aware).
    A row without an incident number gets one made from its cells.
    """

    def __init__(
        self, mapping: FeedMapping, *, read_at: datetime = NO_TIME, memory: Memory | None = None
    ) -> None:
        self.cells = Cells(mapping)
        self._mapping, self._read_at, self._latest = mapping, read_at, read_at
        self._memory = Remembered() if memory is None else memory
        self._of_unit, self._of_outcome = mapping.of_unit, mapping.of_outcome
        self._apart = mapping.of_unit | mapping.of_lists | mapping.of_outcome
        self._notes = frozenset(mapping.notes)

    def take(self, row: Row | Refusal) -> Sequence[CadEvent] | Refusal:
        """What is new in this row: none, one or several events; or why nothing of it can be used."""
        if isinstance(row, Refusal):
            return row
        said = self.cells.said(row)
        if not said:
            return Refusal.EMPTY
        if said.get(self._mapping.incident) == self._mapping.incident:
            return Refusal.HEADER
        reading = self._reading(said)
        news = [*self._of_call(reading), *self._of_lists(reading), *self._of_the_end(reading)]
        if news:
            reading.known.at = news[-1].at
            self._memory.keep(reading.incident, reading.known)
        return news

    def _reading(self, said: Said) -> _Reading:
        call = {column: cell for column, cell in said.items() if column not in self._apart}
        number = said.get(self._mapping.incident) or self._number(call)
        incident = IncidentId(number)
        known = self._memory.recall(incident)
        first = (known.first or known.at) if known else None
        read = self.cells.times.of_row(said, first, self._read_at)
        self._latest = at = read or (known.at if known else self._latest)
        return _Reading(incident, said, call, at, known or Known(at, first=at), known is None)

    def _number(self, call: Said) -> str:
        return UNNUMBERED + _digest([self._mapping.agency, sorted(call.items())])[:16]

    def _of_call(self, row: _Reading) -> Iterator[CadEvent]:
        """The row as one event, if it says anything new of the incident or of its unit."""
        said, at, cells = row.said, row.at, self.cells
        kind = self._kind(row)
        of_unit = {column: cell for column, cell in said.items() if column in self._of_unit}
        if self._is_new_of_unit(row.known, of_unit):
            kind = kind or EventKind.UNIT_STATUS
        if kind is None:
            return
        channel, channel_code = cells.channel(said)
        priority, priority_code = cells.priority(said)
        content = {**row.call, **of_unit, self._mapping.incident: row.incident}
        yield CadEvent(
            event_id=_event_id(row.known, [self._mapping.agency, sorted(content.items())]),
            incident_id=row.incident,
            agency=self._mapping.agency,
            kind=kind,
            at=at,
            channel=channel,
            channel_code=channel_code,
            call_type=cells.final_type(said) if row.known.outcome else cells.call_type(said),
            priority=priority,
            priority_code=priority_code,
            disposition=said.get(self._mapping.disposition, ""),
            location=cells.location(said),
            callback=said.get(self._mapping.callback, ""),
            caller=cells.caller(said),
            answers=cells.answers(said),
            notes=cells.notes(said, at),
            units=cells.units(said, at),
            practice=_one_of(said, self._mapping.practice),
        )

    def _kind(self, row: _Reading) -> EventKind | None:
        """What the incident's cells add to what is known. One that went silent takes nothing back."""
        known, closed = row.known, self._mapping.closed
        said = marks(row.call)
        changed = {column for column, its_mark in said.items() if known.shared.get(column) != its_mark}
        known.shared.update(said)
        over, was_over = _one_of(row.call, closed), known.over
        if closed and closed.column in changed:
            known.over = over
        if row.is_new:
            return EventKind.CLOSED if over else EventKind.CREATED
        if known.over is not was_over:
            return EventKind.CLOSED if over else EventKind.REOPENED
        if changed and changed <= self._notes:
            return EventKind.NOTE_ADDED
        return EventKind.CHANGED if changed else None

    def _is_new_of_unit(self, known: Known, of_unit: Said) -> bool:
        """Whether the unit's cells are news: an entry of a log that was never read, or another state."""
        unit = self._mapping.unit
        if unit is None or not of_unit:
            return False
        if unit.log:
            return _is_new_entry(known, *sorted(of_unit.items()))
        before = known.units.setdefault(mark(of_unit.get(unit.column, "")), {})
        said = marks(of_unit)
        changed = any(before.get(column) != its_mark for column, its_mark in said.items())
        before.update(said)
        return changed

    def _of_lists(self, row: _Reading) -> Iterator[CadEvent]:
        """The units of the row's lists that were not yet told: one event for those of one moment."""
        new = [
            listed for listed in self.cells.listed(row.said, row.at) if _is_new_entry(row.known, listed[0])
        ]
        for then, together in groupby(sorted(new, key=_moment), key=_moment):
            written, units = zip(*together, strict=True)
            yield CadEvent(
                event_id=_event_id(row.known, [self._mapping.agency, row.incident, "units", written]),
                incident_id=row.incident,
                agency=self._mapping.agency,
                kind=EventKind.UNIT_STATUS,
                at=then,
                units=units,
            )

    def _of_the_end(self, row: _Reading) -> Iterator[CadEvent]:
        """What became known in the end, if anything of it is new."""
        columns, known = self._mapping.outcome, row.known
        cells = {column: cell for column, cell in row.said.items() if column in self._of_outcome}
        said = marks(cells)
        if columns is None or said.items() <= known.outcome.items():
            return
        closes = columns.closes and not known.outcome
        known.outcome.update(said)
        content = [self._mapping.agency, row.incident, "outcome", sorted(cells.items())]
        yield CadEvent(
            event_id=_event_id(known, content),
            incident_id=row.incident,
            agency=self._mapping.agency,
            kind=EventKind.CLOSED if closes else EventKind.CHANGED,
            at=max(row.at, known.at),
            call_type=self.cells.final_type(row.said),
            disposition=row.said.get(columns.disposition, ""),
        )


def _one_of(said: Said, column: CodeColumn | None) -> bool:
    return column is not None and said.get(column.column) in column.values


def _moment(listed: Listed) -> datetime:
    return listed[1].at or NO_TIME


def _is_new_entry(known: Known, *entry: object) -> bool:
    """Whether this entry of a log or list was never read before; from now on it was."""
    its_mark = mark(json.dumps(entry))
    new = its_mark not in known.entries
    known.entries.add(its_mark)
    return new


def _event_id(known: Known, content: object) -> EventId:
    """A state that comes back later is news again: the id counts it."""
    digest = _digest(content)[:32]
    occurrence = known.announced[digest]
    known.announced[digest] += 1
    return EventId(f"{digest}-{occurrence}")


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
