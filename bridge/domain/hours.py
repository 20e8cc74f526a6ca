"""Opening hours: weekdays and times of day in the place's own time zone.

`open_at` is told the instant. A span that ends before it begins runs over midnight.
Hours that name no span are always open; daylight saving follows the time zone.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
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

    def open_at(self, instant: datetime) -> bool:
        """Whether the door is open at `instant` (an aware datetime)."""
        if not self.spans:
            return True
        local = instant.astimezone(ZoneInfo(self.timezone))
        yesterday = (local - timedelta(days=1)).weekday()
        return any(_covers(span, local.weekday(), yesterday, local.time()) for span in self.spans)


def _covers(span: Span, today: int, yesterday: int, clock: time) -> bool:
    if span.opens < span.closes:
        return today in span.days and span.opens <= clock < span.closes
    return (today in span.days and clock >= span.opens) or (yesterday in span.days and clock < span.closes)
