"""Opening hours to the minute: where a span begins and ends, nights, holidays, and the clock of the place."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bridge.domain.hours import ALWAYS, Hours, Span

MONDAY = date(2025, 6, 2)
DAY = Span(frozenset({0}), time(9), time(17))
NIGHT = Span(frozenset({0}), time(22), time(6))
ROUND_THE_CLOCK = Span(frozenset({0}), time(8), time(8))
HOLIDAY = frozenset({MONDAY})


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """So many days after a Monday, in UTC."""
    return datetime.combine(MONDAY, time(hour, minute), UTC) + timedelta(days=day)


@pytest.mark.parametrize(
    ("span", "instant", "there"),
    [
        (DAY, on(0, 8, 59), False),
        (DAY, on(0, 9), True),
        (DAY, on(0, 16, 59), True),
        (DAY, on(0, 17), False),
        (DAY, on(0, 23), False),
        (DAY, on(1, 10), False),
        (DAY, on(1, 3), False),
        (DAY, on(6, 10), False),
        (NIGHT, on(0, 5), False),
        (NIGHT, on(0, 21, 59), False),
        (NIGHT, on(0, 22), True),
        (NIGHT, on(1, 0), True),
        (NIGHT, on(1, 5, 59), True),
        (NIGHT, on(1, 6), False),
        (NIGHT, on(1, 22), False),
        (NIGHT, on(2, 5), False),
        (ROUND_THE_CLOCK, on(0, 7, 59), False),
        (ROUND_THE_CLOCK, on(0, 8), True),
        (ROUND_THE_CLOCK, on(1, 7, 59), True),
        (ROUND_THE_CLOCK, on(1, 8), False),
    ],
)
def test_a_door_is_open_from_the_first_minute_of_its_span_to_before_the_last(
    span: Span, instant: datetime, there: bool
) -> None:
    assert Hours("UTC", (span,)).open_at(instant) is there
    beside = Span(frozenset({3}), time(1), time(2))
    assert Hours("UTC", (beside, span)).open_at(instant) is there, "any span will do"


@pytest.mark.parametrize(
    ("spans", "instant", "there"),
    [
        ((), on(0, 12), False),
        ((), on(1, 12), True),
        ((DAY,), on(0, 12), False),
        ((DAY,), on(7, 12), True),
        ((NIGHT,), on(0, 23), False),
        ((NIGHT,), on(1, 3), False),
        ((NIGHT,), on(8, 3), True),
    ],
)
def test_on_a_holiday_no_span_begins(spans: tuple[Span, ...], instant: datetime, there: bool) -> None:
    assert Hours("UTC", spans, HOLIDAY).open_at(instant) is there


def test_a_night_that_began_before_a_holiday_runs_to_its_end() -> None:
    night = Span(frozenset({6}), time(22), time(6))
    assert Hours("UTC", (night,), HOLIDAY).open_at(on(0, 5))


def test_a_door_without_hours_never_closes() -> None:
    assert ALWAYS.open_at(on(0, 0)) is True
    assert Hours("America/Denver").open_at(on(0, 0)) is True


def test_the_clock_on_the_wall_of_the_place_counts() -> None:
    denver = Hours("America/Denver", (DAY,))
    assert not denver.open_at(on(0, 14, 59))
    assert denver.open_at(on(0, 15)), "six hours behind"
    assert not Hours("America/Denver", closed_on=HOLIDAY).open_at(on(1, 5)), "still the holiday there"
    assert Hours(spans=(DAY,)).open_at(on(0, 9)), "hours without a zone are those of UTC"
