"""What holds of every screening: unknown is never offered, a danger never makes a call go easier."""

from dataclasses import replace

from domain_calls import DESTINATIONS, NOW, QUESTIONS, a_call, a_policy, a_scope
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.cad import Answer, Caller, CodedAnswer, Note
from bridge.domain.decision import Verdict
from bridge.domain.incident import Incident
from bridge.domain.screening import screen

LEAVES_911 = [Verdict.KEEP, Verdict.REVIEW, Verdict.TANDEM, Verdict.RECOMMEND, Verdict.OFFER]
"""From what stays with 911 to what goes by itself."""

POLICY = a_policy(
    a_scope(),
    a_scope("RECOMMEND", Verdict.RECOMMEND, call_types=frozenset({"RECOMMEND", "BOTH"})),
    a_scope("REVIEW", Verdict.REVIEW, call_types=frozenset({"REVIEW", "BOTH"})),
)
DANGERS = ["he has a gun", "poss knife", "he is hitting people", "not breathing", "breaking in"]

answers = st.sampled_from(sorted(Answer))
calls = st.builds(
    lambda code, given, narrative, wants, closed: a_call(
        code,
        answers=dict(zip(QUESTIONS, given, strict=True)),
        narrative=narrative,
        caller=Caller(wants_police=wants),
        closed=closed,
    ),
    st.sampled_from(["crisis", "RECOMMEND", "REVIEW", "BOTH", "ELSE"]),
    st.tuples(answers, answers, answers, answers)
    | st.just((Answer.NO,) * 4)
    | st.sampled_from([(Answer.YES, Answer.NO, Answer.NO, Answer.NO)]),
    st.sampled_from(["", "calm", "no weapons seen", "verbal only", *DANGERS]),
    st.sampled_from([Answer.UNKNOWN, Answer.NO, Answer.NO, Answer.YES]),
    st.sampled_from([False, False, True]),
)


def leaving(call: Incident) -> int:
    return LEAVES_911.index(screen(call, POLICY, DESTINATIONS, NOW).verdict)


@given(calls, st.sampled_from(QUESTIONS), st.booleans())
def test_a_call_with_a_question_open_never_leaves_without_a_person(
    call: Incident, question: str, said_unknown: bool
) -> None:
    others = tuple(each for each in call.answers if each.question != question)
    said = (CodedAnswer(question, Answer.UNKNOWN),) if said_unknown else ()
    decision = screen(replace(call, answers=others + said), POLICY, DESTINATIONS, NOW)
    assert decision.verdict in {Verdict.REVIEW, Verdict.KEEP}


@given(calls, st.sampled_from(DANGERS))
def test_a_danger_in_the_narrative_never_lets_a_call_go_easier(call: Incident, danger: str) -> None:
    worse = replace(call, notes=(*call.notes, Note(danger)))
    assert leaving(worse) <= leaving(call)
    assert screen(worse, POLICY, DESTINATIONS, NOW).danger


@given(calls, st.sampled_from(QUESTIONS))
def test_a_yes_never_lets_a_call_go_by_itself(call: Incident, question: str) -> None:
    others = tuple(each for each in call.answers if each.question != question)
    yes, no = (
        replace(call, answers=(*others, CodedAnswer(question, answer))) for answer in (Answer.YES, Answer.NO)
    )
    assert leaving(yes) <= min(leaving(no), LEAVES_911.index(Verdict.TANDEM))


@given(calls)
def test_a_caller_who_asks_for_police_and_a_closed_incident_stay_with_911(call: Incident) -> None:
    wants = replace(call, caller=Caller(wants_police=Answer.YES))
    assert screen(wants, POLICY, DESTINATIONS, NOW).verdict is Verdict.KEEP
    assert screen(replace(call, closed=True), POLICY, DESTINATIONS, NOW).verdict is Verdict.KEEP


@given(calls)
def test_a_decision_has_reasons_and_a_route_only_where_the_call_may_leave(call: Incident) -> None:
    decision = screen(call, POLICY, DESTINATIONS, NOW)
    assert decision.reasons
    assert bool(decision.route) is (decision.verdict is not Verdict.KEEP)
    assert decision == screen(call, POLICY, DESTINATIONS, NOW)
    if decision.verdict in {Verdict.OFFER, Verdict.RECOMMEND}:
        assert not decision.danger
