"""Instants on the wire: microseconds since 1970 UTC, and the minutes of the clock's offset beside them.

RFC 3339 keeps both, and NENA-STA-021.1b wants the offset. Knows no time of day: who judges whether a time
is plausible is told the present one.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bridge.errors import UndecodableError

Record = dict[str, Any]
"""A record as fastavro gives and takes it."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_OFFSET_MIN = 18 * 60
_MOMENT = "org.bridge911.Moment"
_EPOCHS = {
    minutes: (EPOCH if not minutes else EPOCH.astimezone(timezone(timedelta(minutes=minutes))))
    for minutes in range(-MOST_OFFSET_MIN, MOST_OFFSET_MIN + 1)
}
_EARLIEST = -62_135_510_400_000_000  # 0001-01-02, a day from the calendar's end at any offset
_LATEST = 253_402_214_400_000_000  # 9999-12-31


def micros_of(at: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def read_moment(record: Record) -> datetime:
    """The instant, at its own offset. `UndecodableError` when no calendar has it."""
    micros = record["micros"]
    epoch = _EPOCHS.get(record["offset_minutes"])
    if epoch is None or not _EARLIEST <= micros <= _LATEST:
        raise UndecodableError("bad_value", "a moment outside the calendar or beyond 18 hours of offset")
    return epoch + timedelta(microseconds=micros)


def read_optional_moment(record: Record | None) -> datetime | None:
    """The instant, or None."""
    return None if record is None else read_moment(record)


def write_moment(at: datetime) -> Record:
    """The record of an aware datetime. An offset of part of a minute is cut, the instant is not."""
    offset = at.utcoffset()
    assert offset is not None
    minutes = offset.days * 1440 + offset.seconds // 60 if offset else 0
    if not -MOST_OFFSET_MIN <= minutes <= MOST_OFFSET_MIN:
        minutes = 0
    return {"micros": micros_of(at), "offset_minutes": minutes}


def write_optional_moment(at: datetime | None) -> tuple[str, Record] | None:
    """The record, named so that the writer need not try every branch of the union."""
    return None if at is None else (_MOMENT, write_moment(at))
