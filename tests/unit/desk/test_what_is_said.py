"""What a hotline says over HTTP of a call of its own reaches a policy like what Kafka would bring."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from bridge.desk import saying
from bridge.desk.signals import signal_of
from bridge.desk.verbs import VERBS
from bridge.domain.cad import Answer, Channel, CodedAnswer
from bridge.domain.ids import DestinationId
from bridge.domain.signal import SignalKind
from bridge.handling.answer_once import Asker, Begun

OPENS = next(verb for verb in VERBS if verb.kind is SignalKind.CALL_OPENED)
LINE = Asker("line-988-1", destination=DestinationId("line-988"))


def heard(call: dict[str, object]):
    """The call as the bridge hears it."""
    said = saying.Open.model_validate({"agency": "police.town.example", "number": "4711", "call": call})
    return signal_of(OPENS, said, LINE, "key-1", "", Begun(1, datetime.now(UTC), None), None).call


def test_988_says_that_it_is_988_and_why_it_asks_by_code():
    call = heard(
        {
            "channel": "NINE_EIGHT_EIGHT",
            "call_type": "CHECK WELFARE, CAHOOTS",
            "answers": {"weapon": "NO"},
            "codes": {"why_referred": "CAPACITY"},
        }
    )
    assert (call.channel, call.call_type.code) == (Channel.NINE_EIGHT_EIGHT, "CHECK WELFARE, CAHOOTS")
    assert call.answers == (
        CodedAnswer("weapon", Answer.NO),
        CodedAnswer("why_referred", Answer.UNKNOWN, "CAPACITY"),
    )


def test_whoever_does_not_say_is_a_hotline():
    assert heard({}).channel is Channel.HOTLINE


@pytest.mark.parametrize("channel", ["NINE_ONE_ONE", "OFFICER", "SELF_INITIATED", "UNKNOWN"])
def test_no_hotline_says_that_its_call_came_in_by_another_way(channel):
    with pytest.raises(ValidationError):
        heard({"channel": channel})
