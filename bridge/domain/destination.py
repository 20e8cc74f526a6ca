"""A destination: who can take a call, how long each of its waits may last, and what it may be told.

Durations are seconds. The defaults are ours; every one of them can be set per destination.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bridge.domain.decision import TransferKind
from bridge.domain.hours import ALWAYS, Hours
from bridge.domain.ids import DestinationId
from bridge.domain.policy_clauses import LimitClause


class Precision(StrEnum):
    """How exactly a destination may be told where the caller is."""

    EXACT = "exact"
    BLOCK = "block"
    AREA = "area"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a transfer may stay in each waiting state before its deadline speaks, in seconds."""

    proposed: float = 120.0
    offered: float = 15.0
    alerting: float = 30.0
    queued: float = 60.0
    answered: float = 60.0
    connected: float = 180.0
    held: float = 3600.0
    claimed: float = 900.0
    returning: float = 15.0


@dataclass(frozen=True, slots=True)
class Privacy:
    """What may leave for this destination: fields of the offer by name, and how exact the place is."""

    fields: frozenset[str]
    location: Precision = Precision.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance(LimitClause):
    """What a destination takes, agreed with it: who there signed it, and on which day."""

    signed_by: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Away:
    """A maintenance window that is known beforehand: nobody is asked from `begins` until `ends` (aware)."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Destination:
    """One destination as its file describes it. `address` belongs to the channel (a Kafka topic ...).

    `skills` are free tags that clauses ask for (`medic`). `capacity` is how many calls it can have at once
    and `expected_wait` how long a caller waits for somebody, in seconds, as it states itself. `phone` is what
    a call taker dials to hand a caller over. With `heartbeat_seconds` it is asked only while its system was
    heard within so many. `teams` are destinations that are all told at once; the first to claim has the call.
    Practice calls go to `practice_address`, and nowhere without one.
    """

    id: DestinationId
    name: str
    channel: str
    address: str
    privacy: Privacy
    kinds: frozenset[TransferKind] = frozenset(TransferKind)
    waits: Waits = field(default_factory=Waits)
    hours: Hours = ALWAYS
    skills: frozenset[str] = frozenset()
    accepts: tuple[Acceptance, ...] = ()
    capacity: int | None = None
    heartbeat_seconds: float | None = None
    away: tuple[Away, ...] = ()
    teams: tuple[DestinationId, ...] = ()
    expected_wait: float | None = None
    phone: str = ""
    practice_address: str = ""

    @property
    def limited(self) -> bool:
        """Whether it cannot always be asked, as its file has it."""
        return self.capacity is not None or self.heartbeat_seconds is not None or bool(self.away)
