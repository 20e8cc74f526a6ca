"""The transfer's table against one typed by hand, and the four house tests of a life."""

from datetime import timedelta

import pytest
from domain_calls import LINE, NOW, a_signal, a_transfer
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.decision import TransferKind
from bridge.domain.destination import Waits
from bridge.domain.ids import NINE_ONE_ONE
from bridge.domain.signal import SignalKind
from bridge.domain.transfer import deadline_of, step
from bridge.domain.transfer_table import ENDS, HOLDING, TABLE, TRANSFER_SIGNALS, WAITING, State

# Typed by hand, independent of the code: `.` refused, `=` stays, else the next state.
SIGNALS = [
    "confirmed",
    "rejected",
    "alerting",
    "queued",
    "answered",
    "voice_contact",
    "claimed",
    "released",
    "declined",
    "delivery_failed",
    "hung_up",
    "withdrawn",
    "recalled",
    "danger",
    "return_asked",
    "return_taken",
    "closed",
    "deadline",
]
EXPECTED = {
    "proposed": "offered recalled . . . . . . . . abandoned withdrawn recalled recalled . . . lapsed",
    "offered": "= recalled alerting queued answered connected claimed . declined failed"
    " abandoned withdrawn recalled recalled . . . expired",
    "alerting": "= recalled = queued answered connected claimed . declined ="
    " abandoned withdrawn recalled recalled . . . expired",
    "queued": "= recalled alerting = answered connected claimed . declined ="
    " abandoned withdrawn recalled recalled . . . expired",
    "answered": ". . = . = connected claimed . declined ="
    " abandoned withdrawn recalled recalled . . . expired",
    "connected": ". . . . = = . held . = claimed . . = returning . closed =",
    "held": ". . . . . = . = . = claimed . . = returning . closed =",
    "claimed": ". . . . . held = . . = = . . = returning . closed returning",
    "returning": ". . . . . . . . . = = . . = = returned closed =",
}
ENDINGS = [
    "closed",
    "returned",
    "declined",
    "expired",
    "failed",
    "recalled",
    "abandoned",
    "withdrawn",
    "lapsed",
]

EDGES = [(state, signal, target) for state, row in TABLE.items() for signal, target in row.items()]
MOVES_TO_THE_DESTINATION = {SignalKind.VOICE_CONTACT, SignalKind.CLAIMED}
MOVES_TO_911 = {SignalKind.RETURN_TAKEN}


@pytest.mark.parametrize("state", EXPECTED)
def test_every_cell_is_as_the_field_has_it(state: str) -> None:
    cells = EXPECTED[state].split()
    assert len(cells) == len(SIGNALS)
    wanted = {
        signal: state if cell == "=" else cell
        for signal, cell in zip(SIGNALS, cells, strict=True)
        if cell != "."
    }
    row = TABLE[State(state)]
    assert {signal.value: target.value for signal, target in row.items()} == wanted


def test_the_hand_typed_table_knows_every_state_and_signal() -> None:
    assert {*EXPECTED, *ENDINGS} == {state.value for state in State}
    assert set(SIGNALS) == {signal.value for signal in TRANSFER_SIGNALS}
    assert {state.value for state in ENDS} == set(ENDINGS)


def test_every_state_has_a_row_and_is_waiting_holding_or_an_end() -> None:
    assert set(TABLE) == set(State)
    assert len(WAITING) + len(HOLDING) + len(ENDS) == len(State)
    assert all(not TABLE[end] for end in ENDS)


@pytest.mark.parametrize("state", sorted(WAITING | HOLDING))
def test_every_state_that_is_no_end_waits_for_a_bounded_time(state: State) -> None:
    """Waiting states leave by their deadline; held ones raise an alarm and get the next deadline."""
    target = TABLE[state][SignalKind.DEADLINE]
    if state in WAITING:
        assert target in ENDS
    assert deadline_of(a_transfer(state), now=NOW, waits=Waits()) is not None


@pytest.mark.parametrize("state", sorted(WAITING | HOLDING))
def test_911_is_reachable_from_everywhere(state: State) -> None:
    reached, border = {state}, [state]
    while border:
        for target in TABLE[border.pop()].values():
            if target not in reached:
                reached.add(target)
                border.append(target)
    assert any(a_transfer(end).holder == NINE_ONE_ONE for end in reached & ENDS)


@pytest.mark.parametrize(("state", "signal", "target"), EDGES)
def test_the_holder_changes_only_by_an_explicit_signal(
    state: State, signal: SignalKind, target: State
) -> None:
    before, after = a_transfer(state).holder, a_transfer(target).holder
    if before != after:
        assert signal in (MOVES_TO_THE_DESTINATION if after == LINE else MOVES_TO_911)
    elif signal in MOVES_TO_THE_DESTINATION | MOVES_TO_911:
        assert before == LINE, "voice contact with a call that 911 goes on holding"


signals = st.lists(
    st.tuples(
        st.sampled_from(TRANSFER_SIGNALS),
        st.floats(min_value=0, max_value=200),
        st.booleans(),
    ),
    max_size=25,
)


@given(signals, st.sampled_from(sorted(WAITING)), st.sampled_from(sorted(TransferKind)))
def test_no_order_of_signals_breaks_a_transfer(
    said: list[tuple[SignalKind, float, bool]], begins: State, kind: TransferKind
) -> None:
    transfer, now = a_transfer(begins, kind=kind), NOW
    for signal, after_s, agreed in said:
        now += timedelta(seconds=after_s)
        before = transfer
        result = step(before, a_signal(signal, callback_agreed=agreed), now=now, waits=Waits())
        transfer = result.after
        assert transfer.holder in {NINE_ONE_ONE, LINE}
        if result.refused:
            assert transfer == before
        if before.state in ENDS:
            assert transfer == before, "an end changed"
        assert (transfer.deadline is None) is (transfer.state in ENDS)
        if transfer.holder != before.holder:
            assert signal in MOVES_TO_THE_DESTINATION | MOVES_TO_911
        if result.moved and transfer.state in WAITING:
            assert transfer.deadline is not None
            assert transfer.deadline <= transfer.budget_until, "the asking outlives the call's budget"
        if transfer.budget_until != before.budget_until:
            assert transfer.callback_agreed, "only an agreement gives more time"
            assert not before.callback_agreed, "an agreement gives it once"
        assert result == step(before, a_signal(signal, callback_agreed=agreed), now=now, waits=Waits())
