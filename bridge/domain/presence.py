"""Whether a destination can be asked just now: what it said of itself, and when it was last heard.

Its file says when it is open at all; this says how it is at this instant. `unable` answers the built-in
clause that it is passed over for, so that nobody is passed over in silence.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bridge.domain import clauses
from bridge.domain.destination import Destination


class QueueState(StrEnum):
    """NENA-STA-010.3 queue states."""

    UNKNOWN = "unknown"
    ACTIVE = "active"
    INACTIVE = "inactive"
    DISABLED = "disabled"
    FULL = "full"
    STANDBY = "standby"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    UNREACHABLE = "unreachable"


_TAKES_NOBODY = {
    QueueState.INACTIVE: clauses.DESTINATION_OUT_OF_SERVICE,
    QueueState.DISABLED: clauses.DESTINATION_OUT_OF_SERVICE,
    QueueState.FULL: clauses.DESTINATION_FULL,
    QueueState.RESOURCE_EXHAUSTED: clauses.DESTINATION_FULL,
    QueueState.UNREACHABLE: clauses.DESTINATION_SILENT,
}


@dataclass(frozen=True, slots=True)
class SaidState:
    """What a destination says of itself. UNKNOWN and None leave what was said before.

    `stated_wait` is how long a caller waits for somebody, in seconds. `away_from` and `away_until` are a
    maintenance window.
    """

    queue: QueueState = QueueState.UNKNOWN
    staffed: bool | None = None
    stated_wait: float | None = None
    away_from: datetime | None = None
    away_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """What is known of a destination at an instant. `open_calls` is how many calls it holds or is offered.

    `heard_at` is when anything of its system reached us, `stated_at` when it last said its state, and
    `said_at` the same by its own clock.
    """

    queue: QueueState = QueueState.ACTIVE
    staffed: bool = True
    stated_wait: float | None = None
    away_from: datetime | None = None
    away_until: datetime | None = None
    heard_at: datetime | None = None
    stated_at: datetime | None = None
    said_at: datetime | None = None
    open_calls: int = 0


UNHEARD = Presence()
"""A destination that never said anything of itself is taken at its file's word."""


def heard(
    presence: Presence, said: SaidState | None, *, said_at: datetime, reached_at: datetime, now: datetime
) -> Presence:
    """What is known after a heartbeat, or after its word on its state; an older word changes nothing.

    `reached_at` is when it reached Kafka: a heartbeat that lay about for an hour proves nothing of now.
    Whoever says that it is active ends a window that has begun, unless it names another.
    """
    last, reached_at = presence.heard_at, min(reached_at, now)
    presence = replace(presence, heard_at=reached_at if last is None else max(last, reached_at))
    if said is None or (presence.said_at is not None and said_at < presence.said_at):
        return presence
    presence = replace(presence, stated_at=now, said_at=said_at)
    if said.away_from is not None or said.away_until is not None:
        presence = replace(presence, away_from=said.away_from or said_at, away_until=said.away_until)
    elif said.queue is QueueState.ACTIVE and _is_away(presence, now):
        presence = replace(presence, away_from=None, away_until=None)
    return replace(
        presence,
        queue=presence.queue if said.queue is QueueState.UNKNOWN else said.queue,
        staffed=presence.staffed if said.staffed is None else said.staffed,
        stated_wait=presence.stated_wait if said.stated_wait is None else said.stated_wait,
    )


def unable(destination: Destination, presence: Presence, at: datetime) -> str:
    """The clause that it is passed over for at `at`, or an empty string when it can be asked."""
    if not presence.staffed:
        return clauses.DESTINATION_UNSTAFFED
    if taken := _TAKES_NOBODY.get(presence.queue):
        return taken
    if _is_away(presence, at) or any(window.begins <= at < window.ends for window in destination.away):
        return clauses.DESTINATION_OUT_OF_SERVICE
    if destination.heartbeat_seconds is not None:
        quiet = timedelta(seconds=destination.heartbeat_seconds)
        if presence.heard_at is None or at - presence.heard_at > quiet:
            return clauses.DESTINATION_SILENT
    if destination.capacity is not None and presence.open_calls >= destination.capacity:
        return clauses.DESTINATION_FULL
    return ""


def _is_away(presence: Presence, at: datetime) -> bool:
    """In a maintenance window; one without an end lasts until the destination says that it is back."""
    begun = presence.away_from is not None and presence.away_from <= at
    return begun and (presence.away_until is None or at < presence.away_until)
