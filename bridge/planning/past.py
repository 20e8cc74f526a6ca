"""Past calls: CAD events of incidents that are over, folded into what was known while they were open.

A log says of every incident that it is closed, and a closed incident is not screened. So a closing event and
what is told after it are left out, a disposition and the units that were sent as well: they are what came of
the call without this policy. An incident that was closed when it was first told is taken as it was told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.domain.cad import CadEvent, EventKind
from bridge.domain.ids import IncidentId
from bridge.domain.incident import Incident, apply


@dataclass(frozen=True, slots=True)
class PastCall:
    """One incident, as the first event told it and as it stood before it closed; `at` is when it came in.

    `waited` is how long nobody was sent, as far as the events tell. `disposition` is what was told in the
    end, for choosing which calls count, never for screening.
    """

    first: Incident
    last: Incident
    at: datetime
    waited: timedelta = timedelta()
    disposition: str = ""
    closed_on_arrival: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """What was read: its calls, how many rows they came from, and how many rows could not be used."""

    calls: Sequence[PastCall]
    rows: int = 0
    refused: int = 0


def past_calls(events: Iterable[CadEvent]) -> list[PastCall]:
    """Every incident of these events, in the order in which they were first told."""
    open_by_id: dict[IncidentId, _Folding] = {}
    for event in events:
        folding = open_by_id.get(event.incident_id)
        if folding is None:
            open_by_id[event.incident_id] = _Folding(event)
        else:
            folding.take(event)
    return [folding.call() for folding in open_by_id.values()]


class _Folding:
    """One incident while its events are read."""

    __slots__ = ("_closed", "_disposition", "_first", "_last", "_on_arrival", "_tended_at")

    def __init__(self, event: CadEvent) -> None:
        self._on_arrival = self._closed = event.kind is EventKind.CLOSED
        opening = replace(event, kind=EventKind.CREATED) if self._closed else event
        self._first = self._last = apply(Incident(event.incident_id, event.agency), opening)
        self._disposition = event.disposition
        self._tended_at: datetime | None = None
        self._tended(event)

    def take(self, event: CadEvent) -> None:
        self._disposition = event.disposition or self._disposition
        self._tended(event)
        if event.kind is EventKind.CLOSED:
            self._closed = True
        elif not self._closed or event.kind is EventKind.REOPENED:
            self._closed = False
            self._last = apply(self._last, event)

    def _tended(self, event: CadEvent) -> None:
        """When somebody was sent, or the incident was closed without."""
        times = [unit.at or event.at for unit in event.units]
        if event.kind is EventKind.CLOSED:
            times.append(event.at)
        if times and (self._tended_at is None or min(times) < self._tended_at):
            self._tended_at = min(times)

    def call(self) -> PastCall:
        first, last = _plain(self._first), _plain(self._last)
        at = last.first_at or first.first_at
        assert at is not None, "an event has a time"
        if replace(first, version=last.version, sequence=last.sequence, last_at=last.last_at) == last:
            first = last
        waited = max((self._tended_at or at) - at, timedelta())
        return PastCall(first, last, at, waited, self._disposition, self._on_arrival)


def _plain(incident: Incident) -> Incident:
    """Without what came of it."""
    return replace(incident, units=(), disposition="", closed=False)
