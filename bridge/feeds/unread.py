"""Which cells of a row say something that could not be read: no time, no number, no code that is known.

It names columns and never repeats a cell. Only a check asks this; reading goes on without it.
"""

from collections.abc import Iterator

from bridge.feeds.cells import Cells, Said, age, degrees, entries
from bridge.feeds.columns import YesNoColumn
from bridge.feeds.mapping import FeedMapping


def unread(said: Said, cells: Cells, mapping: FeedMapping) -> Iterator[str]:
    """The columns of this row that could not be read."""
    yield from cells.times.unread(said)
    if place := mapping.location:
        limits = {place.latitude: 90.0, place.longitude: 180.0, place.uncertainty_m: 1e6}
        yield from (column for column, most in limits.items() if _wrong_number(said, column, most))
    if mapping.priority and mapping.priority.column in said and cells.priority(said)[0] is None:
        yield mapping.priority.column
    if (ways := mapping.channel_codes) and said.get(ways.column, "") not in {"", *ways.values}:
        yield ways.column
    if unit := mapping.unit:
        if unit.column in said and not cells.unit_name(said):
            yield unit.column
        if unit.status in said and said[unit.status] not in unit.statuses:
            yield unit.status
    yield from _lists(said, cells, mapping)
    yield from _answers(said, mapping)


def _lists(said: Said, cells: Cells, mapping: FeedMapping) -> Iterator[str]:
    lists = mapping.unit_lists
    if lists is None:
        return
    if lists.clock in said and not cells.times.is_clock(said[lists.clock], lists.clock_format):
        yield lists.clock
    for column in lists.statuses:
        parts = [cells.parts(entry) for entry in entries(said.get(column, ""), lists.separator)]
        clocks = [found[1] for found in parts if found and found[1]]
        if None in parts or not all(cells.times.is_clock(clock, lists.clock_format) for clock in clocks):
            yield column


def _answers(said: Said, mapping: FeedMapping) -> Iterator[str]:
    """Coded cells that are neither yes nor no, where the mapping says which are."""
    columns: list[YesNoColumn | None] = [*mapping.answers]
    if caller := mapping.caller:
        columns += [caller.first_party, caller.on_the_line, caller.consent, caller.wants_police]
        if caller.age in said and age(said[caller.age]) is None:
            yield caller.age
    for column in columns:
        known = (*column.yes, *column.no) if column else ()
        if column and known and said.get(column.column, known[0]) not in known:
            yield column.column


def _wrong_number(said: Said, column: str, most: float) -> bool:
    return column in said and degrees(said[column], most) is None
