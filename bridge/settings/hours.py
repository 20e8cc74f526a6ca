"""Rules of opening hours that their types cannot keep."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bridge.domain.hours import Hours
from bridge.settings.problems import Problem
from bridge.settings.toml import File


def hours_problems(file: File, place: str, hours: Hours) -> Iterator[Problem]:
    """What is wrong with these hours."""
    if not is_time_zone(hours.timezone):
        yield time_zone_problem(file, f"{place}.timezone", hours.timezone)
    for number, span in enumerate(hours.spans):
        here = f"{place}.spans[{number}]"
        if not span.days or not span.days <= set(range(7)):
            yield file.problem(
                f"{here}.days", "is not weekdays", "list some of mon, tue, wed, thu, fri, sat, sun"
            )
        if span.opens.tzinfo is not None or span.closes.tzinfo is not None:
            yield file.problem(here, "has a time with an offset", "write local times; the time zone is apart")


def time_zone_problem(file: File, place: str, name: str) -> Problem:
    """An unknown time zone."""
    return file.problem(place, f"{name!r} is no time zone", "write an IANA name such as America/Chicago")


def is_time_zone(name: str) -> bool:
    """Whether this machine knows the time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
