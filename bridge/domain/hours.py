"""Opening hours: weekdays and times of day in the place's own time zone.

`open_at` is told the instant. A span that ends before it begins runs over midnight. Hours that name no span
are always open, but for the days on which they are closed: no span begins on such a day (a holiday). Daylight
saving follows the time zone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """Days (0 = Monday) and the times of day between which the door is open; `to` is exclusive."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there."""

    timezone: str = "UTC"
    spans: tuple[Span, ...] = ()
    closed_on: frozenset[date] = frozenset()

    def open_at(self, instant: datetime) -> bool:
        """Whether the door is open at `instant` (an aware datetime)."""
        if not self.spans and not self.closed_on:
            return True
        local = instant.astimezone(ZoneInfo(self.timezone))
        today, clock = local.date(), local.time()
        if not self.spans:
            return today not in self.closed_on
        yesterday = today - timedelta(days=1)
        return any(
            (self._begins(span, today) and _covers_from(span, clock))
            or (self._begins(span, yesterday) and _covers_until(span, clock))
            for span in self.spans
        )

    def _begins(self, span: Span, day: date) -> bool:
        return day.weekday() in span.days and day not in self.closed_on


ALWAYS = Hours()


def _covers_from(span: Span, clock: time) -> bool:
    """On the day on which the span begins."""
    return span.opens <= clock and (clock < span.closes or span.closes <= span.opens)


def _covers_until(span: Span, clock: time) -> bool:
    """On the day after, when the span runs over midnight."""
    return span.closes <= span.opens and clock < span.closes
