"""A leg: one responder side of a tandem, and the table of its life.

`step_leg` is told the signal's kind and the instant. A community leg that comes on scene before the scene is
safe, where police go first, is kept as a violation and never blocked: nobody is commanded from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bridge.domain.ids import AgencyId, IncidentId, LegId


class LegKind(StrEnum):
    """Who comes. A co-responder is an officer with a clinician; a report unit takes police reports only."""

    COMMUNITY = "community"
    POLICE = "police"
    EMS = "ems"
    FIRE = "fire"
    CO_RESPONDER = "co_responder"
    REPORT_UNIT = "report_unit"


class Mode(StrEnum):
    """Who goes first. RELIEF: officers stay until the responders arrive, then leave."""

    TOGETHER = "together"
    COMMUNITY_FIRST = "community_first"
    POLICE_FIRST = "police_first"
    RELIEF = "relief"


class Why(StrEnum):
    """Why a leg was added. Of these only a disqualifier and caution count as over-use."""

    DISQUALIFIER = "disqualifier"
    CAUTION = "caution"
    JOINT = "joint"
    BACKUP = "backup"


class LegState(StrEnum):
    """Where a leg stands. STAGED: standing by."""

    REQUESTED = "requested"
    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    STAGED = "staged"
    ON_SCENE = "on_scene"
    CLEARED = "cleared"
    CANCELLED = "cancelled"
    DECLINED = "declined"


class LegSignal(StrEnum):
    """What happens to a leg; the part of a signal's kind that concerns one leg, and the clock."""

    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    STAGED = "staged"
    ON_SCENE = "on_scene"
    CLEARED = "cleared"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    SCENE_SAFE = "scene_safe"
    STAND_DOWN = "stand_down"
    DEADLINE = "deadline"


L, G = LegState, LegSignal

LEG_ENDS = frozenset({L.CLEARED, L.CANCELLED, L.DECLINED})

_ON_ITS_WAY: Mapping[LegSignal, LegState] = {
    G.EN_ROUTE: L.EN_ROUTE,
    G.STAGED: L.STAGED,
    G.ON_SCENE: L.ON_SCENE,
    G.CLEARED: L.CLEARED,
    G.CANCELLED: L.CANCELLED,
    G.STAND_DOWN: L.CANCELLED,
}

TABLE: Mapping[LegState, Mapping[LegSignal, LegState]] = {
    L.REQUESTED: {
        **_ON_ITS_WAY,
        G.ASSIGNED: L.ASSIGNED,
        G.DECLINED: L.DECLINED,
        G.SCENE_SAFE: L.REQUESTED,
        G.DEADLINE: L.REQUESTED,
    },
    L.ASSIGNED: {**_ON_ITS_WAY, G.ASSIGNED: L.ASSIGNED, G.SCENE_SAFE: L.ASSIGNED, G.DEADLINE: L.ASSIGNED},
    L.EN_ROUTE: {**_ON_ITS_WAY, G.ASSIGNED: L.EN_ROUTE, G.SCENE_SAFE: L.EN_ROUTE, G.DEADLINE: L.EN_ROUTE},
    L.STAGED: {**_ON_ITS_WAY, G.ASSIGNED: L.STAGED, G.SCENE_SAFE: L.STAGED, G.DEADLINE: L.STAGED},
    L.ON_SCENE: {
        G.ASSIGNED: L.ON_SCENE,
        G.EN_ROUTE: L.ON_SCENE,
        G.ON_SCENE: L.ON_SCENE,
        G.STAGED: L.STAGED,
        G.CLEARED: L.CLEARED,
        G.CANCELLED: L.CANCELLED,
        G.SCENE_SAFE: L.ON_SCENE,
        G.STAND_DOWN: L.ON_SCENE,
        G.DEADLINE: L.ON_SCENE,
    },
    **{end: {} for end in sorted(LEG_ENDS)},
}
"""STATE x SIGNAL -> STATE. A stand-down asks a leg that is there to leave; it leaves when it says so.

What comes late stays what it was: a unit that is there is not on its way again. One that stood by may be.
"""


@dataclass(frozen=True, slots=True)
class LegWaits:
    """How long a leg may stay in each state before the dispatcher is told, in seconds.

    `requested` is the pairing deadline.
    """

    requested: float = 120.0
    assigned: float = 600.0
    en_route: float = 1800.0
    staged: float = 1800.0
    on_scene: float = 14_400.0


@dataclass(frozen=True, slots=True)
class LegWanted:
    """What somebody asks for, or what a unit status says: who is to come and how.

    `unit_id` is the unit, where one is known. `linked` is the other incident of a tandem across two CADs,
    and `linked_agency` whose number that is; empty: the same agency's.
    """

    kind: LegKind = LegKind.POLICE
    mode: Mode = Mode.TOGETHER
    why: Why = Why.CAUTION
    unit_id: str = ""
    linked: IncidentId | None = None
    linked_agency: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg. `clause` is the disqualifier that made it necessary; `asked_by` who wanted it.

    `scene_safe_at` is when the scene was said to be safe. `violation`: on scene before that, police first.
    """

    leg_id: LegId
    incident_id: IncidentId
    agency: AgencyId
    kind: LegKind
    mode: Mode
    why: Why
    state: LegState
    requested_at: datetime
    asked_by: str = ""
    clause: str = ""
    unit_id: str = ""
    since: datetime | None = None
    deadline: datetime | None = None
    assigned_at: datetime | None = None
    en_route_at: datetime | None = None
    staged_at: datetime | None = None
    on_scene_at: datetime | None = None
    ended_at: datetime | None = None
    scene_safe_at: datetime | None = None
    violation: bool = False
    late: bool = False
    practice: bool = False


@dataclass(frozen=True, slots=True)
class LegStep:
    """What a signal did to a leg. `refused` is the reason in a word, or empty."""

    before: Leg
    after: Leg
    refused: str = ""

    @property
    def moved(self) -> bool:
        """Whether the state changed."""
        return self.before.state is not self.after.state


def step_leg(leg: Leg, signal: LegSignal, *, now: datetime, waits: LegWaits) -> LegStep:
    """The leg after `signal` at `now`. Pure: the same arguments, the same step."""
    if leg.state in LEG_ENDS:
        return LegStep(leg, leg, "ended")
    target = TABLE[leg.state].get(signal)
    if target is None:
        return LegStep(leg, leg, "not_in_this_state")
    after = replace(leg, state=target)
    if signal is G.SCENE_SAFE:
        after = replace(after, scene_safe_at=leg.scene_safe_at or now)
    if target is not leg.state or signal is G.DEADLINE:
        after = replace(after, since=leg.since if target is leg.state else now, deadline=None)
        after = replace(after, deadline=leg_deadline(after, now=now, waits=waits))
    if signal is G.DEADLINE:
        after = replace(after, late=leg.late or leg.state is L.REQUESTED)
    return LegStep(leg, _stamped(after, now))


def leg_deadline(leg: Leg, *, now: datetime, waits: LegWaits) -> datetime | None:
    """When somebody is told that the present state lasts too long; None once the leg has ended."""
    if leg.state in LEG_ENDS:
        return None
    wait: float = getattr(waits, leg.state.value)
    return now + timedelta(seconds=wait)


def _stamped(leg: Leg, now: datetime) -> Leg:
    """With the first time each thing happened, and whether somebody came before it was safe."""
    came = leg.state is L.ON_SCENE and leg.on_scene_at is None
    there = leg.state not in {L.REQUESTED, L.CANCELLED, L.DECLINED}
    too_early = leg.kind is LegKind.COMMUNITY and leg.mode is Mode.POLICE_FIRST and leg.scene_safe_at is None
    return replace(
        leg,
        assigned_at=leg.assigned_at or (now if there else None),
        en_route_at=leg.en_route_at or (now if leg.state is L.EN_ROUTE else None),
        staged_at=leg.staged_at or (now if leg.state is L.STAGED else None),
        on_scene_at=leg.on_scene_at or (now if came else None),
        ended_at=leg.ended_at or (now if leg.state in LEG_ENDS else None),
        violation=leg.violation or (came and too_early),
    )
