"""What begins at a hotline in the demonstration: its own to say, and ending as it should."""

from datetime import datetime, timedelta

import pytest
from demo_calls import INVENTED, WEDNESDAY_MORNING, screened, unable_at

from bridge.domain import clauses
from bridge.domain.decision import PolicyRef, TransferKind, Verdict
from bridge.domain.ids import AgencyId, DestinationId, MessageId, RescueId, TransferId
from bridge.domain.incident import Incident, apply
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind
from bridge.domain.rescue import Rescue, RescueSignal, RescueState, RescueWaits, step_rescue
from bridge.domain.signal import SignalKind, Speaker
from bridge.handling.speaking import BY_911, BY_DESTINATION, BY_EITHER
from bridge.sandbox.behaviour import Behaviour
from bridge.sandbox.cad import Replay
from bridge.sandbox.calls import OwnCall
from bridge.settings.kafka import Kafka
from bridge.wire.frames import Frames

by_hotline = pytest.mark.parametrize(
    "call", INVENTED.own_call, ids=lambda call: call.incident or call.hotline
)
STEPS = {
    SignalKind.HELP_TAKEN: RescueSignal.TAKEN,
    SignalKind.HELP_SENT: RescueSignal.HELP_SENT,
    SignalKind.CONTACT_CONFIRMED: RescueSignal.CONTACT_CONFIRMED,
    SignalKind.HOTLINE_TOLD: RescueSignal.HOTLINE_TOLD,
}


def the(incident: str) -> OwnCall:
    return next(call for call in INVENTED.own_call if call.incident == incident)


@by_hotline
def test_a_hotline_says_what_is_its_own_to_say(call: OwnCall) -> None:
    assert {saying.says for saying in call.says} <= BY_DESTINATION
    assert {cue.says for cue in call.call_taker if cue.says} <= BY_911 | BY_EITHER


@by_hotline
def test_it_speaks_of_its_caller_or_of_itself(call: OwnCall) -> None:
    opened = INVENTED.opened(call, WEDNESDAY_MORNING)
    assert (opened is not None) == bool(call.incident)
    assert all((saying.state is not None) == (opened is None) for saying in call.says)


def test_all_that_begins_at_a_hotline_is_shown() -> None:
    said = {saying.says for call in INVENTED.own_call for saying in call.says}
    assert said >= {
        *(SignalKind.HELP_REQUESTED, SignalKind.REFERRED, SignalKind.AWARENESS, SignalKind.STATE_SET),
    }


def test_a_line_that_is_full_is_passed_over_until_it_says_that_it_is_back() -> None:
    line = DestinationId("outreach-line")
    at = [WEDNESDAY_MORNING + timedelta(seconds=seconds) for seconds in (0, 15, 60)]
    assert [unable_at(when).get(line, "") for when in at] == ["", clauses.DESTINATION_FULL, ""]


def test_the_city_screens_what_a_hotline_refers() -> None:
    call = the("INV-0067")
    event = INVENTED.opened(call, WEDNESDAY_MORNING)
    assert event is not None
    decision = screened(apply(Incident(event.incident_id, event.agency), event), event.at)
    assert decision.verdict is Verdict.OFFER
    assert decision.route == (DestinationId("street-teams"),)


def test_the_rescue_ends_when_the_hotline_was_told_what_became_of_it() -> None:
    call = the("INV-0066")
    rescue = _asked(call)
    said = _call_taker(call, rescue) + _hotline(call, rescue, RescueState.CONTACT_CONFIRMED)
    for kind in said:
        done = step_rescue(rescue, STEPS[kind], now=WEDNESDAY_MORNING, waits=RescueWaits())
        assert not done.refused
        rescue = done.after
    assert rescue.state is call.expect.rescue is RescueState.CLOSED


def _asked(call: OwnCall) -> Rescue:
    now: datetime = WEDNESDAY_MORNING
    return Rescue(RescueId("r1"), call.incident, _agency(call), call.hotline, RescueState.REQUESTED, now, now)


def _agency(call: OwnCall) -> AgencyId:
    return call.agency or INVENTED.agency


def _call_taker(call: OwnCall, rescue: Rescue) -> list[SignalKind]:
    """What the call taker says to the request, each of them of this rescue."""
    told = Return(
        MessageId("m1"),
        ReturnKind.HELP,
        _agency(call),
        call.incident,
        1,
        WEDNESDAY_MORNING,
        call.hotline,
        state=rescue.state.value,
        subject=rescue.rescue_id,
    )
    answers = Replay((), Kafka(), Frames(), cues=INVENTED.cues()).answers(told)
    assert {(signal.subject, signal.speaker) for _, signal in answers} == {("r1", Speaker.NINE_ONE_ONE)}
    return [signal.kind for _, signal in sorted(answers, key=lambda answer: answer[0])]


def _hotline(call: OwnCall, rescue: Rescue, state: RescueState) -> list[SignalKind]:
    """What the hotline says to the news of it."""
    news = Offer(
        MessageId("m2"),
        TransferId("t1"),
        2,
        OfferKind.NEWS,
        _agency(call),
        call.incident,
        call.hotline,
        WEDNESDAY_MORNING,
        TransferKind.VOICE,
        PolicyRef("", ""),
        subject=rescue.rescue_id,
        state=state.value,
    )
    lines = Behaviour().reply(news) or ()
    assert {line.subject for line in lines} == {rescue.rescue_id}
    return [line.kind for line in lines]
