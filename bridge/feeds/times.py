"""When a row happened, from whatever its cells say of day and clock.

A table may give the day and the time of day apart, or the day of the call with clocks that run past
midnight. Nothing here raises, and nothing asks what time it is now.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from bridge.feeds.columns import TimeColumn

_REMEMBERED = 100_000
_DAY = timedelta(days=1)
_BEHIND = timedelta(hours=3)
"""A clock so far behind the incident's first is still of that day; further behind, it is past midnight.

In eleven years of one county's unit times no clock was more than 2 h behind its incident's first row, and
none more than 20 h ahead of it, so that 3 h tells the two apart.
"""


class Times:
    """Reads the time of rows, and of clocks within them. Cells that were read once are remembered."""

    def __init__(self, column: TimeColumn) -> None:
        self._column, self._clock_column = column.column, column.clock
        self._formats, self._clock_format = column.formats, column.clock_format
        self._clock_of = re.compile(column.clock_pattern)
        self._zone = ZoneInfo(column.timezone)
        self._moment = lru_cache(_REMEMBERED)(self._parsed)
        self._clock = lru_cache(_REMEMBERED)(_clock)

    def of_row(self, said: Mapping[str, str], first: datetime | None, read_at: datetime) -> datetime | None:
        """When the row happened, with the offset that the place had then; None when no cell tells.

        `first` is the first time of the row's incident. A clock without a day is of the day nearest to it,
        else nearest to `read_at`; a day without a clock is its midnight.
        """
        day = self._moment(said.get(self._column, ""))
        if day is None and self._column:
            return None
        clock = self._clock_in(said)
        if clock is None:
            return day and self._zoned(day)
        if day is None:
            return self._nearest(first or read_at, clock)
        then = _midnight(day) + clock
        at = self._zoned(then)
        passed_midnight = at is not None and first is not None and first - at > _BEHIND
        return self._zoned(then + _DAY) if passed_midnight else at

    def near(self, at: datetime, cell: str, written: str) -> datetime | None:
        """The moment nearest to `at`, not more than 3 h before it, at which clocks showed `cell`."""
        clock = self._clock(cell, written)
        return None if clock is None else self._nearest(at, clock)

    def is_clock(self, cell: str, written: str) -> bool:
        """Whether the cell is a time of day."""
        return self._clock(cell, written) is not None

    def unread(self, said: Mapping[str, str]) -> tuple[str, ...]:
        """The columns whose cells say something that is no time."""
        wrong = []
        if self._column in said and self._moment(said[self._column]) is None:
            wrong.append(self._column)
        if self._clock_column in said and self._clock_in(said) is None:
            wrong.append(self._clock_column)
        return tuple(wrong)

    def _clock_in(self, said: Mapping[str, str]) -> timedelta | None:
        if self._clock_column not in said:
            return None
        found = self._clock_of.search(said[self._clock_column])
        return self._clock(found[found.re.groups and 1], self._clock_format) if found else None

    def _parsed(self, cell: str) -> datetime | None:
        for written in self._formats:
            try:
                return _sensible(datetime.strptime(cell, written))
            except ValueError:
                continue
        return None

    def _nearest(self, at: datetime, clock: timedelta) -> datetime | None:
        here = at.astimezone(self._zone).replace(tzinfo=None)
        then = _midnight(here) + clock
        if here - then > _BEHIND:
            then += _DAY
        elif then - here >= _DAY - _BEHIND:
            then -= _DAY
        return self._zoned(then)

    def _zoned(self, read: datetime) -> datetime | None:
        """An hour that clocks repeat is taken as its first."""
        zoned = read if read.tzinfo else read.replace(tzinfo=self._zone)
        offset = zoned.utcoffset()
        return zoned.replace(tzinfo=timezone(offset)) if offset is not None else None


def _clock(cell: str, written: str) -> timedelta | None:
    try:
        read = datetime.strptime(cell, written)
    except ValueError:
        return None
    return timedelta(hours=read.hour, minutes=read.minute, seconds=read.second, microseconds=read.microsecond)


def _midnight(day: datetime) -> datetime:
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def _sensible(read: datetime) -> datetime | None:
    """Software writes the years 1 and 9999 for "no date", and other software cannot convert them."""
    return read if 1 < read.year < 9999 else None
