"""A consult: somebody advises while 911 keeps the call, and the table of its life.

The holder never changes by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bridge.domain.ids import AgencyId, ConsultId, DestinationId, IncidentId


class ConsultState(StrEnum):
    """Where a consult stands."""

    ASKED = "asked"
    JOINED = "joined"
    ENDED = "ended"
    UNAVAILABLE = "unavailable"


class ConsultSignal(StrEnum):
    """What happens to a consult."""

    JOINED = "joined"
    ENDED = "ended"
    UNAVAILABLE = "unavailable"
    DEADLINE = "deadline"


C, U = ConsultState, ConsultSignal

CONSULT_ENDS = frozenset({C.ENDED, C.UNAVAILABLE})

TABLE: Mapping[ConsultState, Mapping[ConsultSignal, ConsultState]] = {
    C.ASKED: {
        U.JOINED: C.JOINED,
        U.ENDED: C.ENDED,
        U.UNAVAILABLE: C.UNAVAILABLE,
        U.DEADLINE: C.UNAVAILABLE,
    },
    C.JOINED: {U.JOINED: C.JOINED, U.ENDED: C.ENDED, U.DEADLINE: C.ENDED},
    **{end: {} for end in sorted(CONSULT_ENDS)},
}
"""STATE x SIGNAL -> STATE. A consult that nobody ends is taken to have ended."""


@dataclass(frozen=True, slots=True)
class ConsultWaits:
    """How long a consult may stay in each state, in seconds."""

    asked: float = 30.0
    joined: float = 3600.0


@dataclass(frozen=True, slots=True)
class Consult:
    """One consult of `destination` about a call that 911 keeps."""

    consult_id: ConsultId
    incident_id: IncidentId
    agency: AgencyId
    destination: DestinationId
    state: ConsultState
    asked_at: datetime
    since: datetime
    deadline: datetime | None = None
    joined_at: datetime | None = None
    ended_at: datetime | None = None
    practice: bool = False


@dataclass(frozen=True, slots=True)
class ConsultStep:
    """What a signal did to a consult. `refused` is the reason in a word, or empty."""

    before: Consult
    after: Consult
    refused: str = ""

    @property
    def moved(self) -> bool:
        """Whether the state changed."""
        return self.before.state is not self.after.state


def step_consult(
    consult: Consult, signal: ConsultSignal, *, now: datetime, waits: ConsultWaits
) -> ConsultStep:
    """The consult after `signal` at `now`. Pure: the same arguments, the same step."""
    if consult.state in CONSULT_ENDS:
        return ConsultStep(consult, consult, "ended")
    target = TABLE[consult.state].get(signal)
    if target is None:
        return ConsultStep(consult, consult, "not_in_this_state")
    if target is consult.state:
        return ConsultStep(consult, consult)
    after = replace(
        consult,
        state=target,
        since=now,
        joined_at=now if target is C.JOINED else consult.joined_at,
        ended_at=now if target in CONSULT_ENDS else None,
    )
    return ConsultStep(consult, replace(after, deadline=consult_deadline(after, now=now, waits=waits)))


def consult_deadline(consult: Consult, *, now: datetime, waits: ConsultWaits) -> datetime | None:
    """When the present state ends by itself; None once it has ended."""
    if consult.state in CONSULT_ENDS:
        return None
    wait: float = getattr(waits, consult.state.value)
    return now + timedelta(seconds=wait)
