"""The leg's table against one typed by hand, and what is promised of a tandem."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.cad import Unit, UnitStatus
from bridge.domain.ids import AgencyId, IncidentId, LegId
from bridge.domain.leg import (
    LEG_ENDS,
    TABLE,
    Leg,
    LegKind,
    LegSignal,
    LegState,
    LegWaits,
    Mode,
    Why,
    leg_deadline,
    step_leg,
)
from bridge.domain.units import LEAVES, SAYS, Units

L, G = LegState, LegSignal
NOW = datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)
WAITS = LegWaits()
SIGNALS = [
    *("assigned", "en_route", "staged", "on_scene", "cleared", "cancelled", "declined"),
    *("scene_safe", "stand_down", "deadline"),
]
EXPECTED = {
    "requested": "assigned en_route staged on_scene cleared cancelled declined requested cancelled requested",
    "assigned": "assigned en_route staged on_scene cleared cancelled . assigned cancelled assigned",
    "en_route": "en_route en_route staged on_scene cleared cancelled . en_route cancelled en_route",
    "staged": "staged en_route staged on_scene cleared cancelled . staged cancelled staged",
    "on_scene": "on_scene on_scene staged on_scene cleared cancelled . on_scene on_scene on_scene",
}
STEPS = st.lists(st.tuples(st.sampled_from(G), st.integers(0, 4000)), max_size=20)


def a_leg(state: LegState = L.REQUESTED, kind: LegKind = LegKind.POLICE, mode: Mode = Mode.TOGETHER) -> Leg:
    """One that was asked for just now."""
    leg = Leg(
        LegId("l-1"), IncidentId("INV-1"), AgencyId("town"), kind, mode, Why.CAUTION, state, NOW, since=NOW
    )
    return replace(leg, deadline=leg_deadline(leg, now=NOW, waits=WAITS))


@pytest.mark.parametrize("state", EXPECTED)
def test_every_cell_is_as_typed_by_hand(state: str) -> None:
    cells = dict(zip(SIGNALS, EXPECTED[state].split(), strict=True))
    wanted = {signal: cell for signal, cell in cells.items() if cell != "."}
    assert {signal.value: target.value for signal, target in TABLE[L(state)].items()} == wanted


def test_every_state_has_a_row_and_ends_take_nothing() -> None:
    assert set(TABLE) == set(L)
    assert {signal.value for signal in G} == set(SIGNALS)
    assert {state for state, row in TABLE.items() if not row} == LEG_ENDS


@pytest.mark.parametrize("state", sorted(L))
@pytest.mark.parametrize("signal", G)
def test_each_cell_is_what_a_step_does(state: LegState, signal: LegSignal) -> None:
    step = step_leg(a_leg(state), signal, now=NOW, waits=WAITS)
    target = TABLE[state].get(signal)
    refused = "ended" if state in LEG_ENDS else "not_in_this_state"
    if target is None:
        assert (step.after, step.refused) == (step.before, refused)
    else:
        assert (step.after.state, step.refused) == (target, "")


@pytest.mark.parametrize("state", sorted(set(L) - LEG_ENDS))
def test_every_wait_has_a_deadline_that_alarms_and_ends_nothing(state: LegState) -> None:
    step = step_leg(a_leg(state), G.DEADLINE, now=NOW, waits=WAITS)
    assert (step.refused, step.moved) == ("", False)
    assert step.after.deadline == NOW + timedelta(seconds=getattr(WAITS, state))
    assert step.after.late is (state is L.REQUESTED), "only an unpaired leg is late"


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("kind", LegKind)
@pytest.mark.parametrize("safe", [True, False])
def test_only_the_community_comes_too_early_and_only_behind_police(
    kind: LegKind, mode: Mode, safe: bool
) -> None:
    leg = a_leg(L.STAGED, kind, mode)
    if safe:
        leg = step_leg(leg, G.SCENE_SAFE, now=NOW, waits=WAITS).after
    step = step_leg(leg, G.ON_SCENE, now=NOW, waits=WAITS)
    assert step.after.state is L.ON_SCENE, "never blocked"
    early = kind is LegKind.COMMUNITY and mode is Mode.POLICE_FIRST and not safe
    assert step.after.violation is early


def test_a_stand_down_lets_go_who_is_on_the_way_and_asks_who_is_there() -> None:
    assert step_leg(a_leg(L.EN_ROUTE), G.STAND_DOWN, now=NOW, waits=WAITS).after.state is L.CANCELLED
    assert step_leg(a_leg(L.ON_SCENE), G.STAND_DOWN, now=NOW, waits=WAITS).after.state is L.ON_SCENE


@given(STEPS)
def test_it_waits_with_a_deadline_or_has_ended(steps: list[tuple[LegSignal, int]]) -> None:
    leg, now = a_leg(), NOW
    for signal, seconds in steps:
        now += timedelta(seconds=seconds)
        before, leg = leg, step_leg(leg, signal, now=now, waits=WAITS).after
        assert (leg.deadline is None) == (leg.state in LEG_ENDS) == (leg.ended_at is not None)
        assert leg == before or before.state not in LEG_ENDS
        assert leg.on_scene_at is None or leg.assigned_at is not None
        for stamp in ("assigned_at", "en_route_at", "staged_at", "on_scene_at", "scene_safe_at"):
            assert getattr(before, stamp) in {None, getattr(leg, stamp)}, "what happened first stays"


@given(STEPS, STEPS)
def test_the_same_steps_make_the_same_leg(
    steps: list[tuple[LegSignal, int]], more: list[tuple[LegSignal, int]]
) -> None:
    def lived(given: list[tuple[LegSignal, int]]) -> Leg:
        leg = a_leg()
        for signal, seconds in given:
            leg = step_leg(leg, signal, now=NOW + timedelta(seconds=seconds), waits=WAITS).after
        return leg

    assert lived(steps + more) == lived(steps + more)


UNITS = Units(types={"patrol": LegKind.POLICE, "MEDIC": LegKind.EMS}, ids={"CRT*": LegKind.COMMUNITY})


@pytest.mark.parametrize(
    ("call_sign", "kind", "leg"),
    [
        ("3A12", "PATROL", LegKind.POLICE),
        ("M7", "medic", LegKind.EMS),
        ("crt-2", "PATROL", LegKind.COMMUNITY),
        ("TOW1", "TOW", None),
        ("X", "", None),
    ],
)
def test_a_unit_is_who_the_policy_says(call_sign: str, kind: str, leg: LegKind | None) -> None:
    assert UNITS.kind_of(Unit(call_sign, kind=kind)) is leg


def test_every_status_but_the_unknown_one_says_something_of_a_leg() -> None:
    assert set(SAYS) == set(UnitStatus) - {UnitStatus.UNKNOWN}
    assert set(LEAVES) <= set(SAYS.values())
