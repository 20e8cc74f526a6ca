"""The minutes of a week in one time zone, as opening hours cover them: to intersect, to compare, to tell.

Hours that are meant in another time zone move against it by season, so that a week knows what is covered in
every season and what in some. Holidays are not of the week.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from bridge.domain.hours import Hours

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_DAY = 24 * 60
_WHOLE = (1 << 7 * _DAY) - 1
_WINTER, _SUMMER = datetime(2024, 1, 8), datetime(2024, 7, 8)
"""Two Mondays, in any time zone."""


@dataclass(frozen=True, slots=True)
class Week:
    """A bit for each minute from Monday 00:00: `always` in every season, `ever` in at least one."""

    always: int = _WHOLE
    ever: int = _WHOLE

    def __and__(self, other: "Week") -> "Week":
        return Week(self.always & other.always, self.ever & other.ever)

    def __or__(self, other: "Week") -> "Week":
        return Week(self.always | other.always, self.ever | other.ever)

    def outside(self, other: "Week") -> "Week":
        """The minutes of this week that the other one does not cover in every season."""
        left = self.ever & ~other.always
        return Week(left, left)

    @property
    def empty(self) -> bool:
        """Whether no minute is covered, in no season."""
        return not self.ever

    @property
    def whole(self) -> bool:
        """Whether every minute is covered, in every season."""
        return self.always == _WHOLE

    def __str__(self) -> str:
        """`Mon-Fri 07:00-19:00, Sat all day`, of the minutes that are covered in some season."""
        if self.ever == _WHOLE:
            return "all week"
        return ", ".join(_told(_by_day(self.ever))) or "never"


NEVER = Week(0, 0)


@lru_cache(maxsize=256)
def week_of(hours: Hours, zone: str) -> Week:
    """The minutes that these hours cover, as the clocks of `zone` (an IANA name) show them."""
    if not hours.spans:
        return Week()
    plain = replace(hours, closed_on=frozenset())
    winter = _minutes(plain, zone, _WINTER)
    summer = winter if hours.timezone == zone else _minutes(plain, zone, _SUMMER)
    return Week(winter & summer, winter | summer)


def common(weeks: Iterable[Week]) -> Week:
    """What all of these cover; the whole week when there are none."""
    covered = Week()
    for week in weeks:
        covered &= week
    return covered


def _minutes(hours: Hours, zone: str, monday: datetime) -> int:
    begin = monday.replace(tzinfo=ZoneInfo(zone))
    covered = 0
    for minute in range(7 * _DAY):
        if hours.open_at(begin + timedelta(minutes=minute)):
            covered |= 1 << minute
    return covered


def _by_day(minutes: int) -> Iterator[tuple[int, str]]:
    """Each day that has covered minutes, with its times."""
    for day in range(7):
        of_day = [bool(minutes >> (day * _DAY + minute) & 1) for minute in range(_DAY)]
        times, at = [], 0
        for is_open, run in groupby(of_day):
            end = at + len(list(run))
            if is_open:
                times.append("all day" if end - at == _DAY else f"{_clock(at)}-{_clock(end)}")
            at = end
        if times:
            yield day, " and ".join(times)


def _told(days: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Days in a row with the same times, told together."""
    rows = list(days)
    for _, run in groupby(enumerate(rows), lambda one: (one[1][0] - one[0], one[1][1])):
        group = [row for _, row in run]
        first, last = DAYS[group[0][0]], DAYS[group[-1][0]]
        yield f"{first if first == last else f'{first}-{last}'} {group[0][1]}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
