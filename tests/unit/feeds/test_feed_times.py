"""When a row happened: several formats, days and clocks apart, clocks past midnight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.feeds.columns import TimeColumn
from bridge.feeds.times import Times

ZONE = "America/Chicago"
READ_AT = datetime(2018, 1, 10, 6, 0, tzinfo=UTC)  # midnight in Chicago

DAY_AND_CLOCK = Times(TimeColumn("day", "%m/%d/%y", ZONE, clock="clock"))
CLOCK_ALONE = Times(TimeColumn("", "%H:%M", ZONE, clock="clock", clock_format="%H:%M"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1/1/10 12:00 AM", "2010-01-01T00:00:00-06:00"),
        ("12/31/20 0:00", "2020-12-31T00:00:00-06:00"),
        ("7/4/20 13:05", "2020-07-04T13:05:00-05:00"),
        ("3/14/10 2:30 AM", "2010-03-14T02:30:00-06:00"),  # no clock showed it
        ("11/7/10 1:30 AM", "2010-11-07T01:30:00-05:00"),  # clocks showed it twice: the first
    ],
)
def test_every_format_is_tried_in_its_order(cell: str, expected: str) -> None:
    times = Times(TimeColumn("at", ("%m/%d/%y %I:%M %p", "%m/%d/%y %H:%M"), ZONE))
    read = times.of_row({"at": cell}, None, READ_AT)
    assert read == at(expected)
    assert read is not None
    assert read.utcoffset() == at(expected).utcoffset()


@pytest.mark.parametrize(
    ("clock", "first", "expected"),
    [
        ("06:51:33", None, "2010-01-01T06:51:33-06:00"),
        ("23:59:00", "2010-01-01T23:58:00-06:00", "2010-01-01T23:59:00-06:00"),
        ("00:10:00", "2010-01-01T23:58:00-06:00", "2010-01-02T00:10:00-06:00"),
        ("19:00:00", "2010-01-01T23:58:00-06:00", "2010-01-02T19:00:00-06:00"),
        ("23:00:00", "2010-01-01T23:58:00-06:00", "2010-01-01T23:00:00-06:00"),  # told late, not a day long
    ],
)
def test_a_clock_that_is_far_behind_the_first_one_is_past_midnight(
    clock: str, first: str | None, expected: str
) -> None:
    row = {"day": "01/01/10", "clock": clock}
    assert DAY_AND_CLOCK.of_row(row, at(first) if first else None, READ_AT) == at(expected)


@pytest.mark.parametrize(
    ("clock", "first", "expected"),
    [
        ("23:50", None, "2018-01-09T23:50:00-06:00"),
        ("00:20", None, "2018-01-10T00:20:00-06:00"),
        ("00:20", "2018-01-09T22:00:00-06:00", "2018-01-10T00:20:00-06:00"),
        ("23:50", "2018-01-10T00:20:00-06:00", "2018-01-09T23:50:00-06:00"),
    ],
)
def test_a_clock_without_a_day_is_of_the_nearest_day(clock: str, first: str | None, expected: str) -> None:
    assert CLOCK_ALONE.of_row({"clock": clock}, at(first) if first else None, READ_AT) == at(expected)


def test_a_day_without_a_clock_is_its_midnight_and_a_clock_without_its_day_is_no_time() -> None:
    assert DAY_AND_CLOCK.of_row({"day": "01/01/10"}, None, READ_AT) == at("2010-01-01T00:00:00-06:00")
    assert DAY_AND_CLOCK.of_row({"day": "01/01/10", "clock": "soon"}, None, READ_AT) == at(
        "2010-01-01T00:00:00-06:00"
    )
    assert DAY_AND_CLOCK.of_row({"clock": "06:00:00"}, None, READ_AT) is None


def test_a_clock_is_found_within_a_longer_cell() -> None:
    times = Times(TimeColumn("day", "%m/%d/%y", ZONE, clock="sent", clock_pattern="=([0-9:]+)"))
    row = {"day": "01/01/10", "sent": "WAVE1=06:51:33, M5=07:05:17"}
    assert times.of_row(row, None, READ_AT) == at("2010-01-01T06:51:33-06:00")
    assert times.unread({"day": "01/01/10", "sent": "WAVE1"}) == ("sent",)


def test_an_offset_in_the_cell_wins_over_the_zone() -> None:
    times = Times(TimeColumn("at", "%Y-%m-%dT%H:%M:%S%z", ZONE))
    read = times.of_row({"at": "2018-01-09T09:00:00+0100"}, None, READ_AT)
    assert read is not None
    assert read.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize("cell", ["0001-01-01", "9999-12-31"])
def test_the_years_that_software_writes_for_no_date_are_none(cell: str) -> None:
    times = Times(TimeColumn("at", "%Y-%m-%d", ZONE))
    assert times.of_row({"at": cell}, None, READ_AT) is None
    assert times.unread({"at": cell}) == ("at",)


@given(
    st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30), timezones=st.just(UTC)),
    st.times().map(lambda clock: clock.strftime("%H:%M:%S")),
)
def test_a_clock_near_a_time_is_at_most_three_hours_before_it_and_less_than_a_day_after(
    near: datetime, clock: str
) -> None:
    """An hour more or less where clocks were changed in between."""
    read = DAY_AND_CLOCK.near(near, clock, "%H:%M:%S")
    assert read is not None
    assert timedelta(hours=-4) <= read - near <= timedelta(hours=22)
    assert read.strftime("%H:%M:%S") == clock
