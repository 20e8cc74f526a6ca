"""Which past calls count, and under which name the others are left aside."""

from dataclasses import replace

import pytest
from planning_calls import MONDAY, a_past_call

from bridge.domain.cad import Answer, Channel, CodedAnswer, EventKind
from bridge.planning.counted import Aside, Condition, Denominator

ASIDE = [
    ({}, ""),
    ({"practice": True}, Aside.PRACTICE),
    ({"disposition": "STORED COMPLAINT DUP: 123"}, Aside.DUPLICATE),
    ({"disposition": "duplicate"}, Aside.DUPLICATE),
    ({"disposition": "DUPONT STREET"}, ""),
    ({"channel": Channel.OFFICER}, Aside.OFFICER),
    ({"channel": Channel.ON_VIEW}, Aside.OFFICER),
    ({"channel": Channel.SELF_INITIATED}, Aside.OFFICER),
    ({"channel": Channel.SENSOR}, Aside.SENSOR),
    ({"channel": Channel.NINE_EIGHT_EIGHT}, ""),
    ({"at": MONDAY.fromtimestamp(0, MONDAY.tzinfo)}, Aside.NO_TIME),
]


@pytest.mark.parametrize(("facts", "why"), ASIDE)
def test_a_call_is_left_aside_for_one_reason(facts, why) -> None:
    assert Denominator().aside(a_past_call(**facts)) == why


CONDITIONS = [
    ("type", "CRISIS", True),
    ("type", "crisis", True),
    ("type", "CRI*", True),
    ("type", "CRI", False),
    ("priority", "3", True),
    ("channel", "NINE_ONE_ONE", True),
    ("district", "D1", True),
    ("disposition", "ASSIST*", True),
    ("note", "STORED DUP*", True),
    ("service", "PD", False),
]


@pytest.mark.parametrize(("what", "code", "met"), CONDITIONS)
def test_a_condition_is_met_by_a_code(what, code, met) -> None:
    call = a_past_call(
        kind=EventKind.CLOSED,
        priority=3,
        channel=Channel.NINE_ONE_ONE,
        disposition="ASSISTED",
        narrative="stored dup: 17",
    )
    assert Condition(what, ("other", code)).is_met(call) is met


def test_a_coded_field_is_a_condition_too() -> None:
    call = a_past_call()
    answers = (*call.last.answers, CodedAnswer("service", Answer.UNKNOWN, "PD"))
    assert Condition("service", ("PD",)).is_met(replace(call, last=replace(call.last, answers=answers)))


def test_what_is_asked_for_is_counted_and_the_rest_is_named() -> None:
    denominator = Denominator([Condition("district", ("D1",))], [("odd ones", Condition("type", ("ODD",)))])
    assert denominator.aside(a_past_call()) == ""
    assert denominator.aside(a_past_call(code="ODD")) == "odd ones"
    assert denominator.aside(a_past_call(district="D2")) == Aside.OTHER
