"""The rescue's table against one typed by hand, and what is promised to somebody who may die."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, RescueId
from bridge.domain.rescue import (
    RESCUE_ENDS,
    TABLE,
    Rescue,
    RescueSignal,
    RescueState,
    RescueWaits,
    RescueWanted,
    rescue_deadline,
    step_rescue,
)

R, H = RescueState, RescueSignal
NOW = datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)
WAITS = RescueWaits()
SIGNALS = ["taken", "help_sent", "contact_confirmed", "not_found", "hotline_told", "cancelled", "deadline"]
EXPECTED = {
    "requested": "taken help_sent contact_confirmed not_found . cancelled requested",
    "taken": "taken help_sent contact_confirmed not_found . cancelled taken",
    "help_sent": "help_sent help_sent contact_confirmed not_found . . help_sent",
    "contact_confirmed": ". . contact_confirmed . closed . contact_confirmed",
    "not_found": ". . contact_confirmed not_found closed . not_found",
}
STEPS = st.lists(st.tuples(st.sampled_from(H), st.integers(0, 4000)), max_size=20)


def a_rescue(state: RescueState = R.REQUESTED) -> Rescue:
    """One that was asked for just now."""
    rescue = Rescue(
        RescueId("r-1"), IncidentId("988-1"), AgencyId("town"), DestinationId("line-988"), state, NOW, NOW
    )
    return replace(rescue, deadline=rescue_deadline(rescue, now=NOW, waits=WAITS))


@pytest.mark.parametrize("state", EXPECTED)
def test_every_cell_is_as_typed_by_hand(state: str) -> None:
    cells = dict(zip(SIGNALS, EXPECTED[state].split(), strict=True))
    wanted = {signal: cell for signal, cell in cells.items() if cell != "."}
    assert {signal.value: target.value for signal, target in TABLE[R(state)].items()} == wanted


def test_every_state_has_a_row_and_ends_take_nothing() -> None:
    assert set(TABLE) == set(R)
    assert {signal.value for signal in H} == set(SIGNALS)
    assert {state for state, row in TABLE.items() if not row} == RESCUE_ENDS == {R.CLOSED, R.CANCELLED}


@pytest.mark.parametrize("state", sorted(set(R) - RESCUE_ENDS))
def test_every_wait_has_a_deadline_that_alarms_and_ends_nothing(state: RescueState) -> None:
    step = step_rescue(a_rescue(state), H.DEADLINE, now=NOW, waits=WAITS)
    assert (step.refused, step.moved) == ("", False)
    assert step.after.deadline == NOW + timedelta(seconds=getattr(WAITS, state))


def test_911_has_15_seconds_to_take_it() -> None:
    assert a_rescue().deadline == NOW + timedelta(seconds=15)


@pytest.mark.parametrize("state", [R.REQUESTED, R.TAKEN, R.HELP_SENT])
def test_it_is_not_closed_before_there_is_an_outcome_to_tell(state: RescueState) -> None:
    assert step_rescue(a_rescue(state), H.HOTLINE_TOLD, now=NOW, waits=WAITS).refused


@pytest.mark.parametrize("end", sorted(RESCUE_ENDS))
@pytest.mark.parametrize("signal", H)
def test_an_end_never_changes(end: RescueState, signal: RescueSignal) -> None:
    step = step_rescue(a_rescue(end), signal, now=NOW, waits=WAITS)
    assert (step.after, step.refused) == (step.before, "ended")


def test_the_ground_is_a_serious_threat_unless_another_is_named() -> None:
    assert RescueWanted().basis == "45 CFR 164.512(j)"


@given(STEPS)
def test_it_is_closed_only_by_the_hotline_that_was_told(steps: list[tuple[RescueSignal, int]]) -> None:
    rescue, now = a_rescue(), NOW
    for signal, seconds in steps:
        now += timedelta(seconds=seconds)
        step = step_rescue(rescue, signal, now=now, waits=WAITS)
        if step.after.state is R.CLOSED and step.moved:
            assert (signal, rescue.found_at is not None) == (H.HOTLINE_TOLD, True)
        rescue = step.after


@given(STEPS)
def test_it_waits_with_a_deadline_or_has_ended(steps: list[tuple[RescueSignal, int]]) -> None:
    rescue, now = a_rescue(), NOW
    for signal, seconds in steps:
        now += timedelta(seconds=seconds)
        rescue = step_rescue(rescue, signal, now=now, waits=WAITS).after
        assert (rescue.deadline is None) == (rescue.state in RESCUE_ENDS) == (rescue.ended_at is not None)
        assert rescue.taken_at is None or rescue.state is not R.REQUESTED
        assert rescue.sent_at is None or rescue.taken_at is not None
        assert rescue.found_at is None or rescue.taken_at is not None
