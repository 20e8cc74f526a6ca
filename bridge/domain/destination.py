"""A destination: who can take a call, how long each of its waits may last, and what it may be told.

Durations are seconds. The defaults are ours; every one of them can be set per destination.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from bridge.domain.decision import TransferKind
from bridge.domain.hours import Hours
from bridge.domain.ids import DestinationId


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


@dataclass(frozen=True, slots=True)
class Destination:
    """One destination as its file describes it. `address` belongs to the channel (a Kafka topic ...)."""

    id: DestinationId
    name: str
    channel: str
    address: str
    privacy: Privacy
    kinds: frozenset[TransferKind] = frozenset(TransferKind)
    waits: Waits = field(default_factory=Waits)
    hours: Hours = field(default_factory=Hours)
