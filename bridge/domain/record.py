"""A record of a stream, before it means anything: where it was read, and what makes it the same again."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was read, and when its producer handed it to Kafka."""

    topic: str
    partition: int
    offset: int
    produced_at: datetime


@dataclass(frozen=True, slots=True)
class InboxRecord:
    """A readable record that wants to be applied once. `event_key` is the same on every retry."""

    place: Place
    event_key: str
    digest: bytes
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A record that is no message we know: kept as it came, sealed. `reason` is a code of a closed list."""

    place: Place
    reason: str
    content: bytes | None
    key: bytes | None = None
