"""The delivery's table against one typed by hand, and the tests of a life."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.delivery import DELIVERY_ENDS, TABLE, DeliveryEvent, DeliveryState

EVENTS = ["leased", "delivered", "failed", "refused", "lease_ended", "transfer_ended", "budget_ended"]
EXPECTED = {
    "pending": "leased . . . . withdrawn dead",
    "leased": ". delivered retry refused retry . dead",
    "retry": "leased delivered . . . withdrawn dead",
}


@pytest.mark.parametrize("state", EXPECTED)
def test_every_cell_is_as_typed_by_hand(state: str) -> None:
    wanted = {event: cell for event, cell in zip(EVENTS, EXPECTED[state].split(), strict=True) if cell != "."}
    assert {event.value: target.value for event, target in TABLE[DeliveryState(state)].items()} == wanted


def test_every_state_has_a_row_and_ends_take_nothing() -> None:
    assert set(TABLE) == set(DeliveryState)
    assert set(EVENTS) == {event.value for event in DeliveryEvent}
    assert {state for state, row in TABLE.items() if not row} == DELIVERY_ENDS
    assert {state.value for state in DeliveryState} == {*EXPECTED, *DELIVERY_ENDS}


@pytest.mark.parametrize("state", sorted(set(DeliveryState) - DELIVERY_ENDS))
def test_no_delivery_outlives_the_budget_of_its_transfer(state: DeliveryState) -> None:
    assert TABLE[state][DeliveryEvent.BUDGET_ENDED] in DELIVERY_ENDS


def test_a_lease_that_ran_out_can_be_taken_by_another() -> None:
    waits = TABLE[DeliveryState.LEASED][DeliveryEvent.LEASE_ENDED]
    assert TABLE[waits][DeliveryEvent.LEASED] is DeliveryState.LEASED


@given(st.lists(st.sampled_from(sorted(DeliveryEvent))))
def test_an_end_never_changes_and_every_other_state_still_can_end(events: list[DeliveryEvent]) -> None:
    state = DeliveryState.PENDING
    for event in events:
        after = TABLE[state].get(event, state)
        assert state not in DELIVERY_ENDS or after is state
        state = after
    assert state in DELIVERY_ENDS or DeliveryEvent.BUDGET_ENDED in TABLE[state]
