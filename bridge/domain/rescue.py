"""A rescue: a hotline asks 911 for help at once, and hears whether help reached the person.

Nothing screens it and nothing delays it. The hotline holds the caller until 911 has taken the request, and
the rescue is not closed before the hotline says that it was told what became of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bridge.domain.cad import Answer
from bridge.domain.ids import AgencyId, DestinationId, IncidentId, RescueId


class Consent(StrEnum):
    """Whether the person agrees. An attempt in progress needs no consent: ACTIVE_RESCUE."""

    UNKNOWN = "unknown"
    COLLABORATIVE = "collaborative"
    ACTIVE_RESCUE = "active_rescue"


class WhoFor(StrEnum):
    """Whether the caller is in danger, or speaks of somebody else."""

    UNKNOWN = "unknown"
    SELF = "self"
    THIRD_PARTY = "third_party"


class RescueState(StrEnum):
    """Where a rescue stands."""

    REQUESTED = "requested"
    TAKEN = "taken"
    HELP_SENT = "help_sent"
    CONTACT_CONFIRMED = "contact_confirmed"
    NOT_FOUND = "not_found"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class RescueSignal(StrEnum):
    """What happens to a rescue. HOTLINE_TOLD: the counsellor knows what became of it."""

    TAKEN = "taken"
    HELP_SENT = "help_sent"
    CONTACT_CONFIRMED = "contact_confirmed"
    NOT_FOUND = "not_found"
    HOTLINE_TOLD = "hotline_told"
    CANCELLED = "cancelled"
    DEADLINE = "deadline"


R, H = RescueState, RescueSignal

RESCUE_ENDS = frozenset({R.CLOSED, R.CANCELLED})

_FOUND: Mapping[RescueSignal, RescueState] = {
    H.CONTACT_CONFIRMED: R.CONTACT_CONFIRMED,
    H.NOT_FOUND: R.NOT_FOUND,
}

TABLE: Mapping[RescueState, Mapping[RescueSignal, RescueState]] = {
    R.REQUESTED: {
        **_FOUND,
        H.TAKEN: R.TAKEN,
        H.HELP_SENT: R.HELP_SENT,
        H.CANCELLED: R.CANCELLED,
        H.DEADLINE: R.REQUESTED,
    },
    R.TAKEN: {
        **_FOUND,
        H.TAKEN: R.TAKEN,
        H.HELP_SENT: R.HELP_SENT,
        H.CANCELLED: R.CANCELLED,
        H.DEADLINE: R.TAKEN,
    },
    R.HELP_SENT: {**_FOUND, H.TAKEN: R.HELP_SENT, H.HELP_SENT: R.HELP_SENT, H.DEADLINE: R.HELP_SENT},
    R.CONTACT_CONFIRMED: {
        H.CONTACT_CONFIRMED: R.CONTACT_CONFIRMED,
        H.HOTLINE_TOLD: R.CLOSED,
        H.DEADLINE: R.CONTACT_CONFIRMED,
    },
    R.NOT_FOUND: {
        H.NOT_FOUND: R.NOT_FOUND,
        H.CONTACT_CONFIRMED: R.CONTACT_CONFIRMED,
        H.HOTLINE_TOLD: R.CLOSED,
        H.DEADLINE: R.NOT_FOUND,
    },
    **{end: {} for end in sorted(RESCUE_ENDS)},
}
"""STATE x SIGNAL -> STATE. No wait ends a rescue: each passed deadline is an alarm, and the next one."""


@dataclass(frozen=True, slots=True)
class RescueWaits:
    """How long each state may last before it alarms, in seconds. 15 s to be taken."""

    requested: float = 15.0
    taken: float = 120.0
    help_sent: float = 1800.0
    contact_confirmed: float = 300.0
    not_found: float = 300.0


@dataclass(frozen=True, slots=True)
class RescueWanted:
    """What a hotline says when it asks for help, beside the call itself.

    `counsellor` is who to speak with and `counsellor_line` where. `address_ip` and `place` are what is known
    of where the person is. `basis` is the lawful ground of telling 911 (45 CFR 164.512(j) by default), and
    `part_2` says that 42 CFR Part 2 records are in it, whose notice then travels along.
    """

    consent: Consent = Consent.UNKNOWN
    attempt_in_progress: Answer = Answer.UNKNOWN
    who_for: WhoFor = WhoFor.UNKNOWN
    counsellor: str = ""
    counsellor_line: str = ""
    address_ip: str = ""
    place: str = ""
    basis: str = "45 CFR 164.512(j)"
    part_2: bool = False


@dataclass(frozen=True, slots=True)
class Rescue:
    """One rescue that `destination` asked for."""

    rescue_id: RescueId
    incident_id: IncidentId
    agency: AgencyId
    destination: DestinationId
    state: RescueState
    asked_at: datetime
    since: datetime
    deadline: datetime | None = None
    taken_at: datetime | None = None
    sent_at: datetime | None = None
    found_at: datetime | None = None
    ended_at: datetime | None = None
    practice: bool = False


@dataclass(frozen=True, slots=True)
class RescueStep:
    """What a signal did to a rescue. `refused` is the reason in a word, or empty."""

    before: Rescue
    after: Rescue
    refused: str = ""

    @property
    def moved(self) -> bool:
        """Whether the state changed."""
        return self.before.state is not self.after.state


def step_rescue(rescue: Rescue, signal: RescueSignal, *, now: datetime, waits: RescueWaits) -> RescueStep:
    """The rescue after `signal` at `now`. Pure: the same arguments, the same step."""
    if rescue.state in RESCUE_ENDS:
        return RescueStep(rescue, rescue, "ended")
    target = TABLE[rescue.state].get(signal)
    if target is None:
        return RescueStep(rescue, rescue, "not_in_this_state")
    after = replace(rescue, state=target, since=rescue.since if target is rescue.state else now)
    if target is not rescue.state or signal is H.DEADLINE:
        after = replace(after, deadline=rescue_deadline(after, now=now, waits=waits))
    taken = target is not R.REQUESTED and target is not R.CANCELLED
    found = target in {R.CONTACT_CONFIRMED, R.NOT_FOUND}
    after = replace(
        after,
        taken_at=after.taken_at or (now if taken else None),
        sent_at=after.sent_at or (now if target is R.HELP_SENT else None),
        found_at=after.found_at or (now if found else None),
        ended_at=now if target in RESCUE_ENDS else None,
    )
    return RescueStep(rescue, after)


def rescue_deadline(rescue: Rescue, *, now: datetime, waits: RescueWaits) -> datetime | None:
    """When the present state alarms; None once it has ended."""
    if rescue.state in RESCUE_ENDS:
        return None
    wait: float = getattr(waits, rescue.state.value)
    return now + timedelta(seconds=wait)
