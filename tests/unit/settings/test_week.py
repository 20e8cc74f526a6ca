"""Weeks of opening hours: they are what the hours say at every minute, and are told in days and times."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain.hours import ALWAYS, Hours, Span
from bridge.settings.week import NEVER, Week, common, week_of

ZONES = ("America/Chicago", "America/Phoenix", "America/Denver", "UTC")
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
HOURS = st.builds(
    Hours,
    st.sampled_from(ZONES),
    st.lists(st.builds(Span, st.frozensets(st.integers(0, 6), min_size=1), TIMES, TIMES), max_size=2).map(
        tuple
    ),
)


def hours(days: set[int], opens: time, closes: time, zone: str = "America/Chicago") -> Hours:
    return Hours(zone, (Span(frozenset(days), opens, closes),))


@settings(max_examples=25, deadline=None)
@given(HOURS, st.sampled_from(ZONES), st.integers(0, 7 * 24 * 60 - 1), st.sampled_from((8, 8 + 26 * 7)))
def test_a_week_is_open_when_its_hours_are(said: Hours, zone: str, minute: int, days: int) -> None:
    monday = datetime(2024, 1, 1, tzinfo=ZoneInfo(zone)) + timedelta(days=days - days % 7)
    is_open = said.open_at(monday + timedelta(minutes=minute))
    week = week_of(said, zone)
    assert not (week.always >> minute & 1 and not is_open)
    assert week.ever >> minute & 1 or not is_open


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (ALWAYS, "all week"),
        (hours({0, 1, 2, 3, 4}, time(7), time(19)), "Mon-Fri 07:00-19:00"),
        (hours({0, 2, 3}, time(7), time(19)), "Mon 07:00-19:00, Wed-Thu 07:00-19:00"),
        (hours({4}, time(22), time(6)), "Fri 22:00-24:00, Sat 00:00-06:00"),
        (hours({5, 6}, time(0), time(0)), "Sat-Sun all day"),
        (hours({6}, time(18), time(2)), "Mon 00:00-02:00, Sun 18:00-24:00"),
    ],
)
def test_hours_are_told_in_days_and_times(said: Hours, told: str) -> None:
    assert str(week_of(said, "America/Chicago")) == told


def test_what_is_covered_by_both_by_one_and_by_none() -> None:
    morning = week_of(hours({0}, time(7), time(12)), "America/Chicago")
    noon = week_of(hours({0}, time(11), time(14)), "America/Chicago")
    assert str(morning & noon) == "Mon 11:00-12:00"
    assert str(morning | noon) == "Mon 07:00-14:00"
    assert str(morning.outside(noon)) == "Mon 07:00-11:00"
    assert (common([]), str(NEVER), common([morning, NEVER]).empty) == (Week(), "never", True)


def test_a_holiday_is_not_of_the_week() -> None:
    closed = Hours("America/Chicago", hours({0}, time(7), time(12)).spans, frozenset({date(2024, 1, 8)}))
    assert str(week_of(closed, "America/Chicago")) == "Mon 07:00-12:00"
