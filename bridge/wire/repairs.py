"""What is put right in a message from outside before it counts.

A CAD event may be a live call, and is better read in part than not at all: a value that cannot be true is
dropped or replaced, and a code says so. Only a message without its ids is refused. What people typed
stays as typed; codes, names and ids are cleaned, since they reach columns and screens.
"""

import re
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from bridge.errors import UndecodableError
from bridge.wire.moments import MOST_OFFSET_MIN, Record, micros_of, write_moment

LONGEST_ID = 200
_EARLIEST = 946_684_800_000_000  # 2000-01-01: before it, a clock was never set
_AHEAD = timedelta(days=1)
_INT = 2**31
_OLDEST = 150

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control and bidirectional characters, but for tab and the ends of lines."""
_UNFIT_IN_CODES = re.compile("[\t\n\r]|" + _CONTROL.pattern)


class Repairs:
    """The faults found in one message, told the present time."""

    __slots__ = ("_latest", "_now", "faults")

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._latest = micros_of(now + _AHEAD)
        self.faults: dict[str, None] = {}

    def fault(self, code: str) -> None:
        """Remember a fault, once."""
        self.faults[code] = None

    def moment(self, record: Record, field: str, code: str) -> None:
        """An implausible time is dropped, an impossible offset read as UTC."""
        at = record[field]
        if at is None:
            return
        if not -MOST_OFFSET_MIN <= at["offset_minutes"] <= MOST_OFFSET_MIN:
            at["offset_minutes"] = 0
            self.fault(f"{code}.offset")
        if not _EARLIEST <= at["micros"] <= self._latest:
            record[field] = None
            self.fault(f"{code}.implausible")

    def needed_moment(self, record: Record, field: str) -> None:
        """As `moment`, and the present time stands in for what was dropped."""
        self.moment(record, field, field)
        if record[field] is None:
            record[field] = write_moment(self._now)

    def typed(self, text: str, code: str) -> None:
        """Text that people typed: kept as it is, and flagged where it could deceive a reader."""
        if not text.isprintable() and _CONTROL.search(text):
            self.fault(f"{code}.control_characters")

    def codes(self, record: Record, fields: tuple[str, ...]) -> None:
        """Codes and names: control characters are taken out."""
        for field in fields:
            text = record[field]
            if not text.isprintable() and _UNFIT_IN_CODES.search(text):
                record[field] = _UNFIT_IN_CODES.sub("", text)
                self.fault("codes.control_characters")

    def ids(self, record: Record, fields: tuple[str, ...]) -> None:
        """An id that may be absent, and cannot be kept, is taken as absent."""
        for field in fields:
            if not usable_id(record[field]):
                record[field] = ""
                self.fault(f"{field}.bad")

    def small(self, record: Record, field: str, code: str, least: int = -_INT, most: int = _INT - 1) -> None:
        """A whole number outside its range is dropped."""
        number = record[field]
        if number is not None and not least <= number <= most:
            record[field] = None
            self.fault(code)

    def location(self, record: Record) -> None:
        """Half a pair of coordinates, or one that is nowhere on Earth, drops both and their uncertainty."""
        latitude, longitude = record["latitude"], record["longitude"]
        if latitude is not None or longitude is not None:
            fault = _wrong_with(latitude, longitude)
            if fault:
                record["latitude"] = record["longitude"] = record["uncertainty_m"] = None
                self.fault(fault)
        radius = record["uncertainty_m"]
        if radius is not None and not (isfinite(radius) and radius >= 0):
            record["uncertainty_m"] = None
            self.fault("location.uncertainty")
        self.small(record, "confidence_percent", "location.confidence", 0, 100)
        self.moment(record, "at", "location.at")
        self.typed(record["text"], "location")
        self.codes(record, ("district", "source_code"))
        if not "".join(record["civic"].values()).isprintable():
            self.codes(record["civic"], tuple(record["civic"]))

    def caller(self, record: Record) -> None:
        """An age nobody reaches is dropped."""
        self.small(record, "age", "caller.age", 0, _OLDEST)
        self.codes(record, ("name", "language"))


def check_ids(record: Record, fields: tuple[str, ...]) -> None:
    """Ids are keys: each must be there, printable and at most 200 characters. Names only the field."""
    for field in fields:
        text = record[field]
        if not text or text.isspace():
            raise UndecodableError("missing_id", field)
        if len(text) > LONGEST_ID or not text.isprintable():
            raise UndecodableError("bad_id", field)


def usable_id(text: str) -> bool:
    """Whether an id that may be absent can be kept."""
    return len(text) <= LONGEST_ID and text.isprintable()


def _wrong_with(latitude: Any, longitude: Any) -> str:
    if latitude is None or longitude is None:
        return "location.incomplete"
    if not -90 <= latitude <= 90:  # false for NaN too
        return "location.latitude"
    return "" if -180 <= longitude <= 180 else "location.longitude"
