"""What the transfer's table cannot say by itself: its conditions, deadlines and effects."""

from datetime import timedelta

import pytest
from domain_calls import NOW, a_signal, a_transfer

from bridge.domain.decision import TransferKind
from bridge.domain.destination import Waits
from bridge.domain.effects import Effect
from bridge.domain.signal import SignalKind, Speaker
from bridge.domain.transfer import Step, Transfer, step
from bridge.domain.transfer_table import ENDS, WAITING, State

WAITS = Waits(claimed=900, offered=15, alerting=30)
ASKED = sorted(WAITING - {State.PROPOSED})


def after(transfer: Transfer, kind: SignalKind, **facts: object) -> Step:
    return step(transfer, a_signal(kind, **facts), now=NOW, waits=WAITS)


@pytest.mark.parametrize("state", ASKED)
def test_a_call_with_a_caller_on_the_line_cannot_be_claimed_from_notes(state: State) -> None:
    refused = after(a_transfer(state), SignalKind.CLAIMED)
    assert refused.refused == "caller_is_on_the_line"
    assert refused.effects == (Effect.TELL_DESTINATION_REFUSED,)


@pytest.mark.parametrize("state", ASKED)
@pytest.mark.parametrize("facts", [{"kind": TransferKind.DATA}, {"callback_agreed": True}])
def test_data_and_agreed_call_backs_can_be_claimed(state: State, facts: dict[str, object]) -> None:
    claimed = after(a_transfer(state, **facts), SignalKind.CLAIMED)
    assert claimed.after.state is State.CLAIMED
    assert claimed.effects == (Effect.TELL_911_HELD,)


@pytest.mark.parametrize("state", sorted(WAITING))
def test_a_danger_before_contact_brings_the_call_back(state: State) -> None:
    back = after(a_transfer(state), SignalKind.DANGER, speaker=Speaker.BRIDGE)
    assert back.after.state is State.RECALLED
    assert Effect.TELL_911_ENDED in back.effects
    assert (Effect.WITHDRAW_OFFER in back.effects) is (state is not State.PROPOSED)
    assert Effect.NEXT_DESTINATION not in back.effects


@pytest.mark.parametrize("state", [State.CONNECTED, State.HELD, State.CLAIMED, State.RETURNING])
def test_a_danger_after_contact_takes_nobody_off_the_call(state: State) -> None:
    told = after(a_transfer(state), SignalKind.DANGER, speaker=Speaker.BRIDGE)
    assert told.after == told.before
    assert set(told.effects) == {Effect.TELL_DESTINATION_DANGER, Effect.TELL_911_DANGER}


@pytest.mark.parametrize("state", sorted(WAITING))
def test_a_caller_who_hangs_up_ends_a_voice_transfer(state: State) -> None:
    assert after(a_transfer(state), SignalKind.HUNG_UP).after.state is State.ABANDONED


@pytest.mark.parametrize("state", sorted(WAITING))
def test_a_hang_up_changes_nothing_where_nobody_had_to_stay(state: State) -> None:
    transfer = a_transfer(state, kind=TransferKind.DATA)
    assert after(transfer, SignalKind.HUNG_UP).after == transfer


@pytest.mark.parametrize("state", sorted(WAITING))
def test_an_agreed_call_back_outlives_the_hang_up_and_has_its_own_deadline(state: State) -> None:
    stays = after(a_transfer(state), SignalKind.HUNG_UP, callback_agreed=True).after
    assert stays.state is state
    assert stays.callback_agreed
    assert stays.deadline == NOW + timedelta(seconds=WAITS.claimed)


def test_whoever_agreed_to_call_back_has_that_time_once_whatever_they_say_meanwhile() -> None:
    call_back_by = NOW + timedelta(seconds=WAITS.claimed)
    agreed = after(a_transfer(State.QUEUED), SignalKind.QUEUED, callback_agreed=True).after
    assert agreed.budget_until == call_back_by
    late = call_back_by - timedelta(seconds=1)
    for said in (SignalKind.ALERTING, SignalKind.HUNG_UP, SignalKind.QUEUED):
        agreed = step(agreed, a_signal(said, callback_agreed=True), now=late, waits=WAITS).after
        assert agreed.deadline == call_back_by


@pytest.mark.parametrize("state", [State.CONNECTED, State.HELD])
def test_a_caller_lost_after_contact_must_be_reached_again_or_goes_back(state: State) -> None:
    lost = after(a_transfer(state), SignalKind.HUNG_UP).after
    assert (lost.state, lost.deadline) == (State.CLAIMED, NOW + timedelta(seconds=WAITS.claimed))
    assert lost.holder == lost.destination
    back = step(lost, a_signal(SignalKind.DEADLINE), now=lost.deadline, waits=WAITS)
    assert back.after.state is State.RETURNING
    assert back.effects == (Effect.TELL_911_RETURN_ASKED,)


def test_entering_offered_sends_the_offer_and_starts_its_clock() -> None:
    offered = after(a_transfer(State.PROPOSED), SignalKind.CONFIRMED)
    assert offered.effects == (Effect.SEND_OFFER, Effect.TELL_911_OFFERED)
    assert offered.after.offered_at == NOW
    assert offered.after.deadline == NOW + timedelta(seconds=15)
    again = after(offered.after, SignalKind.CONFIRMED)
    assert again.after == offered.after
    assert again.effects == ()


def test_asking_ends_with_the_calls_budget() -> None:
    short = a_transfer(State.OFFERED, budget_until=NOW + timedelta(seconds=5))
    assert after(short, SignalKind.ALERTING).after.deadline == NOW + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("kind", "end", "goes_on"),
    [
        (SignalKind.DECLINED, State.DECLINED, True),
        (SignalKind.DEADLINE, State.EXPIRED, True),
        (SignalKind.DELIVERY_FAILED, State.FAILED, True),
        (SignalKind.RECALLED, State.RECALLED, False),
        (SignalKind.REJECTED, State.RECALLED, False),
        (SignalKind.WITHDRAWN, State.WITHDRAWN, False),
        (SignalKind.HUNG_UP, State.ABANDONED, False),
    ],
)
def test_911_hears_of_every_end_and_who_is_asked_next(kind: SignalKind, end: State, goes_on: bool) -> None:
    ended = after(a_transfer(State.OFFERED), kind)
    assert ended.after.state is end
    assert ended.after.deadline is None
    assert Effect.TELL_911_ENDED in ended.effects
    assert (Effect.NEXT_DESTINATION in ended.effects) is goes_on
    assert (Effect.WITHDRAW_OFFER in ended.effects) is (end is not State.DECLINED)


@pytest.mark.parametrize("state", ASKED)
def test_voice_contact_moves_the_holder_and_tells_911_in_the_same_step(state: State) -> None:
    contact = after(a_transfer(state), SignalKind.VOICE_CONTACT)
    assert contact.after.holder == contact.after.destination
    assert Effect.TELL_911_HELD in contact.effects


@pytest.mark.parametrize("end", sorted(ENDS))
@pytest.mark.parametrize("kind", [SignalKind.VOICE_CONTACT, SignalKind.CLAIMED])
def test_late_contact_revives_nothing_and_both_sides_hear_of_it(end: State, kind: SignalKind) -> None:
    late = after(a_transfer(end, deadline=None), kind)
    assert late.after == late.before
    assert late.effects == (Effect.TELL_DESTINATION_REFUSED, Effect.TELL_911_LATE_SIGNAL)


@pytest.mark.parametrize(
    ("state", "effects"),
    [
        (State.CONNECTED, (Effect.REMIND_CALL_TAKER,)),
        (State.HELD, (Effect.ALARM,)),
        (State.RETURNING, (Effect.TELL_911_ANOTHER_WAY, Effect.ALARM)),
    ],
)
def test_a_call_that_somebody_holds_too_long_is_told_of_again_and_again(
    state: State, effects: tuple[Effect, ...]
) -> None:
    transfer = a_transfer(state)
    for _ in range(2):
        due = transfer.deadline
        assert due is not None
        late = step(transfer, a_signal(SignalKind.DEADLINE), now=due, waits=WAITS)
        assert late.effects == effects
        assert late.after.deadline is not None
        assert late.after.deadline > due
        transfer = late.after


def test_a_return_is_over_only_when_911_has_taken_it() -> None:
    returning = after(a_transfer(State.HELD), SignalKind.RETURN_ASKED).after
    assert returning.holder == returning.destination
    taken = after(returning, SignalKind.RETURN_TAKEN, speaker=Speaker.NINE_ONE_ONE)
    assert taken.after.state is State.RETURNED
    assert taken.after.holder == "911"
    assert set(taken.effects) == {Effect.TELL_911_ENDED, Effect.TELL_DESTINATION_ENDED}
