"""Legs learnt from CAD: each unit of an incident that is somebody by the policy, with its status, is a leg.

Only where responders of the community come into it: on an incident that has a transfer, a tandem decision, a
leg already, a unit of the community, or another incident that it is linked with. An ordinary incident of
police alone has no legs.
"""

from collections.abc import Collection

from bridge.domain.cad import Unit
from bridge.domain.decision import Verdict
from bridge.domain.leg import LEG_ENDS, Leg, LegKind, LegSignal, LegState, LegWanted, Why
from bridge.domain.units import LEAVES, SAYS
from bridge.handling.leg_steps import ask_for_leg, mode_of, open_legs, policies_of, step
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

OF_CAD = "cad.unit"
"""Why a leg takes a step that nobody signalled."""
CAD_CLOSED = "cad.closed"


def legs_of_units(
    turn: Turn, held: LockedIncident, before: Collection[Unit] | None = None, *, beside: bool = False
) -> None:
    """Each unit's leg as CAD has it. `before` are the units as they were, None when nothing came from CAD.

    A leg that was asked for is that of the first unit of its kind; with `beside` one is about to be asked
    for. A unit that left and comes back is a leg of its own.
    """
    units = [(unit, kind) for unit in held.incident.units if (kind := _kind_of(turn, held, unit)) is not None]
    if beside or _concerned(held, [kind for _, kind in units]):
        for unit, kind in units:
            _of_unit(turn, held, unit, kind, is_new=before is not None and unit not in before)
    if held.incident.closed and held.holding is None:
        for leg in open_legs(held):
            end = LegSignal.CLEARED if leg.state is LegState.ON_SCENE else LegSignal.CANCELLED
            step(turn, held, leg, end, reason=CAD_CLOSED)


def _kind_of(turn: Turn, held: LockedIncident, unit: Unit) -> LegKind | None:
    kinds = (policy.units.kind_of(unit) for policy in policies_of(turn, held))
    return next((kind for kind in kinds if kind is not None), None)


def _concerned(held: LockedIncident, kinds: Collection[LegKind]) -> bool:
    tandem = held.verdict == Verdict.TANDEM.value
    return bool(held.transfers or held.legs) or held.linked or tandem or LegKind.COMMUNITY in kinds


def _of_unit(turn: Turn, held: LockedIncident, unit: Unit, kind: LegKind, *, is_new: bool) -> None:
    """`is_new`: CAD said something of this unit just now. What it said before is not said again."""
    said = SAYS.get(unit.status)
    if said is None:
        return
    theirs = [leg for leg in held.legs.values() if leg.unit_id == unit.unit_id]
    leg = next((each for each in theirs if each.state not in LEG_ENDS), None)
    if leg is None and said not in LEAVES and (is_new or not theirs):
        leg, is_new = _waiting_for_a_unit(held, kind) or _came(turn, held, unit, kind), True
    if leg is not None and is_new:
        step(turn, held, leg, said, unit_id=unit.unit_id, reason=OF_CAD)


def _waiting_for_a_unit(held: LockedIncident, kind: LegKind) -> Leg | None:
    return next((leg for leg in open_legs(held) if leg.kind is kind and not leg.unit_id), None)


def _came(turn: Turn, held: LockedIncident, unit: Unit, kind: LegKind) -> Leg:
    """Nobody asked for it as a leg: it came by design, or because CAD sent it."""
    wanted = LegWanted(kind, mode_of(held), Why.JOINT, unit.unit_id)
    return ask_for_leg(turn, held, wanted, asked_by="bridge:cad", told=False)
