"""Rows of a table, snapshot after snapshot, folded into CAD events.

The first row of an incident creates it; another unit's row is a unit status; a changed cell is a change;
a row that brings nothing new says nothing. A cell that cannot be read is left unsaid, and its row still
counts. Event ids follow from what was read: the same rows read again give the same ids.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bridge.domain.cad import CadEvent, EventKind
from bridge.domain.ids import EventId, IncidentId
from bridge.feeds import cells
from bridge.feeds.mapping import FeedMapping

_REMEMBERED = 20_000
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Known:
    """What earlier rows said of one incident; `announced` counts how often each content was news."""

    at: datetime
    shared: dict[str, str] = field(default_factory=dict)
    units: dict[str, dict[str, str]] = field(default_factory=dict)
    announced: Counter[str] = field(default_factory=Counter)


def events(
    rows: Iterable[Mapping[str, str]], mapping: FeedMapping, *, read_at: datetime = _NO_TIME
) -> Iterator[CadEvent]:
    """One CAD event for every row that brings something new, in the rows' order.

    Never raises for what a row says, and passes over only repeated and empty rows. A row whose time
    cannot be read takes its incident's last time, else the feed's, else `read_at` (aware). A row without
    an incident number gets one made from its cells. `rows` may be endless: the 20,000 incidents seen
    last are remembered, and one that was forgotten is created again under its old event id.
    """
    remembered: dict[IncidentId, _Known] = {}
    latest = read_at
    for row in rows:
        said = cells.said(row, mapping)
        if not said:
            continue
        incident = _incident(said, mapping)
        known = remembered.pop(incident, None)
        before = known.at if known else latest
        latest = at = cells.time(said, mapping.time) or before
        kind = _news(known, said, mapping)
        known = remembered[incident] = known or _Known(at)
        while len(remembered) > _REMEMBERED:
            del remembered[next(iter(remembered))]
        if kind is not None:
            known.at = at
            yield _event(incident, kind, known, said, mapping)
        _learn(known, said, mapping)


def _incident(said: Mapping[str, str], mapping: FeedMapping) -> IncidentId:
    if mapping.incident in said:
        return IncidentId(said[mapping.incident])
    shared = {column: cell for column, cell in said.items() if column not in mapping.unit_columns}
    return IncidentId(f"unnumbered-{_digest(mapping.agency, shared)[:16]}")


def _news(known: _Known | None, said: Mapping[str, str], mapping: FeedMapping) -> EventKind | None:
    """What a row adds to what is known, or None. A cell that went silent takes nothing back."""
    over = _over(said, mapping)
    if known is None:
        return EventKind.CLOSED if over else EventKind.CREATED
    changed = {column for column, cell in _shared(said, mapping).items() if known.shared.get(column) != cell}
    if mapping.closed and mapping.closed.column in changed and over is not _over(known.shared, mapping):
        return EventKind.CLOSED if over else EventKind.REOPENED
    if changed == {mapping.note}:
        return EventKind.NOTE_ADDED
    if changed:
        return EventKind.CHANGED
    unit = _unit(said, mapping)
    before = known.units.get(unit, {}) if unit else None
    if before is not None and any(
        before.get(column) != cell for column, cell in _of_unit(said, mapping).items()
    ):
        return EventKind.UNIT_STATUS
    return None


def _learn(known: _Known, said: Mapping[str, str], mapping: FeedMapping) -> None:
    known.shared.update(_shared(said, mapping))
    if unit := _unit(said, mapping):
        known.units.setdefault(unit, {}).update(_of_unit(said, mapping))


def _event(
    incident: IncidentId, kind: EventKind, known: _Known, said: Mapping[str, str], mapping: FeedMapping
) -> CadEvent:
    """The whole row as one event. A state that comes back later is news again: the id counts it."""
    content = _digest(mapping.agency, {**said, mapping.incident: incident})
    occurrence = known.announced[content]
    known.announced[content] += 1
    return CadEvent(
        event_id=EventId(f"{content[:32]}-{occurrence}"),
        incident_id=incident,
        agency=mapping.agency,
        kind=kind,
        at=known.at,
        channel=mapping.channel,
        call_type=cells.call_type(said, mapping.call_type),
        priority=cells.priority(said, mapping.priority),
        priority_code=said.get(mapping.priority.column, "") if mapping.priority else "",
        disposition=said.get(mapping.disposition, ""),
        location=cells.location(said, mapping.location),
        callback=said.get(mapping.callback, ""),
        notes=cells.notes(said, mapping.note, known.at),
        units=cells.units(said, mapping.unit, known.at),
    )


def _shared(said: Mapping[str, str], mapping: FeedMapping) -> dict[str, str]:
    return {column: cell for column, cell in said.items() if column not in mapping.unit_columns}


def _of_unit(said: Mapping[str, str], mapping: FeedMapping) -> dict[str, str]:
    return {column: cell for column, cell in said.items() if column in mapping.unit_columns}


def _unit(said: Mapping[str, str], mapping: FeedMapping) -> str:
    return said.get(mapping.unit.column, "") if mapping.unit else ""


def _over(said: Mapping[str, str], mapping: FeedMapping) -> bool:
    return mapping.closed is not None and said.get(mapping.closed.column) in mapping.closed.values


def _digest(agency: str, said: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps([agency, sorted(said.items())]).encode()).hexdigest()
