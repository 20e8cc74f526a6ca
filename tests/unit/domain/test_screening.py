"""Screening clause by clause: each built-in clause, each danger by each way in, and what wins."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from domain_calls import (
    AGENCY,
    DESTINATIONS,
    LINE,
    NOW,
    a_call,
    a_danger,
    a_policy,
    a_scope,
)

from bridge.domain.cad import Answer, Caller, Unit, UnitStatus
from bridge.domain.decision import Decision, Verdict, Weight
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import IncidentId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Danger
from bridge.domain.screening import no_policy, screen

CLOSED_NOW = Hours("UTC", (Span(frozenset({0}), time(8), time(9)),))
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def screened(incident: Incident, policy: Policy | None = None) -> Decision:
    return screen(incident, policy or a_policy(), DESTINATIONS, NOW)


def spoken(decision: Decision, weight: Weight | None = None) -> set[str]:
    return {reason.clause for reason in decision.reasons if weight in (None, reason.weight)}


def test_a_call_in_scope_with_every_danger_denied_is_offered_with_every_reason() -> None:
    decision = screened(a_call())
    assert decision.verdict is Verdict.OFFER
    assert decision.route == (LINE,)
    assert not decision.danger
    assert spoken(decision, Weight.FOR) == {"crisis", "weapon", "violence", "medical", "police_only"}
    assert spoken(decision) == spoken(decision, Weight.FOR)
    assert (decision.policy.name, decision.policy.version) == ("test", "7")


def test_the_same_call_gets_the_same_decision() -> None:
    call = a_call(narrative="poss knife, no inj", answers={"violence": UNKNOWN})
    assert screened(call) == screened(call)


@pytest.mark.parametrize("verdict", [Verdict.OFFER, Verdict.RECOMMEND, Verdict.REVIEW])
def test_the_scope_clause_sets_the_verdict(verdict: Verdict) -> None:
    decision = screened(a_call(), a_policy(a_scope(verdict=verdict)))
    assert decision.verdict is verdict
    assert decision.route == (LINE,)


# --- What is missing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "clause"),
    [
        (a_call("UNHEARD OF"), "type.unknown"),
        (a_call(""), "type.missing"),
        (Incident(IncidentId("i"), AGENCY), "type.missing"),
        (a_call(closed=True), "incident.closed"),
        (a_call(caller=Caller(wants_police=YES)), "caller.wants_police"),
    ],
)
def test_what_the_bridge_itself_keeps(call: Incident, clause: str) -> None:
    decision = screened(call)
    assert decision.verdict is Verdict.KEEP
    assert decision.route == ()
    assert clause in spoken(decision)
    assert decision.danger is (clause == "caller.wants_police")


def test_a_policy_that_is_not_in_force_keeps_everything() -> None:
    decision = screened(a_call(), a_policy(effective=NOW + timedelta(seconds=1)))
    assert (decision.verdict, spoken(decision)) == (Verdict.KEEP, {"policy.not_in_force"})


def test_an_agency_without_a_policy_keeps_everything() -> None:
    decision = no_policy(a_call())
    assert (decision.verdict, spoken(decision)) == (Verdict.KEEP, {"policy.none"})


@pytest.mark.parametrize("question", ["weapon", "violence", "medical", "police_only"])
def test_a_question_nobody_answered_leaves_the_call_to_a_person(question: str) -> None:
    for call in (a_call(answers={question: UNKNOWN}), without_answer(question)):
        decision = screened(call)
        assert decision.verdict is Verdict.REVIEW
        assert spoken(decision, Weight.OPEN) == {f"answer.missing.{question}"}


def without_answer(question: str) -> Incident:
    call = a_call()
    return replace(call, answers=tuple(each for each in call.answers if each.question != question))


def test_a_policy_can_keep_what_nobody_answered_or_not_ask_at_all() -> None:
    call = a_call(answers={"weapon": UNKNOWN})
    strict = a_policy(disqualifier=(a_danger(questions=("weapon",), unanswered="keep"),))
    lax = a_policy(disqualifier=(a_danger(questions=("weapon",)),))
    assert screened(call, strict).verdict is Verdict.KEEP
    assert screened(call, lax).verdict is Verdict.OFFER


def test_answers_are_demanded_only_of_calls_that_could_go() -> None:
    decision = screened(a_call("UNHEARD OF", answers={"weapon": UNKNOWN}))
    assert spoken(decision, Weight.OPEN) == {"type.unknown"}


def test_several_wordings_of_one_question_are_one_question() -> None:
    policy = a_policy(disqualifier=(a_danger(questions=("q1", "q2"), unanswered="review"),))
    assert screened(a_call(answers={"q2": NO}), policy).verdict is Verdict.OFFER
    assert screened(a_call(answers={"q1": UNKNOWN, "q2": NO}), policy).verdict is Verdict.REVIEW
    assert screened(a_call(answers={"q1": NO, "q2": YES}), policy).verdict is Verdict.KEEP


# --- Dangers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("danger", sorted(Danger))
def test_an_answer_of_yes_is_a_danger(danger: Danger) -> None:
    decision = screened(a_call(answers={danger.value: YES}))
    assert decision.verdict is (Verdict.TANDEM if danger is Danger.WEAPON else Verdict.KEEP)
    assert decision.danger
    assert spoken(decision, Weight.AGAINST) == {danger.value}


@pytest.mark.parametrize(
    ("rules", "call"),
    [
        ({"priorities": frozenset({1})}, a_call(priority=1)),
        ({"dispositions": frozenset({"Arr"})}, a_call(disposition="ARR")),
        ({"call_types": frozenset({"crisis"})}, a_call("CRISIS")),
        ({"caller_wants_police": True}, a_call(caller=Caller(wants_police=YES))),
        (
            {"unit_kinds": frozenset({"police"})},
            a_call(units=(Unit("u1", UnitStatus.ON_SCENE, kind="Police"),)),
        ),
        ({"determinant_suffixes": frozenset({"W", "B"})}, a_call(determinant="25A1B")),
        ({"words": ("gun",)}, a_call(narrative="he has a gun")),
        ({"words": ("gun",)}, a_call(narrative="poss gun")),
    ],
    ids=lambda each: ",".join(each) if isinstance(each, dict) else "call",
)
def test_a_danger_shows_in_fields_and_words_as_well(rules: dict[str, object], call: Incident) -> None:
    clause = a_danger(Danger.VIOLENCE, **rules)
    policy = a_policy(a_scope(call_types=frozenset({"CRISIS"})), disqualifier=(clause,))
    decision = screened(call, policy)
    assert decision.verdict is Verdict.KEEP
    assert decision.danger
    assert "violence" in spoken(decision, Weight.AGAINST)
    quiet = a_policy(a_scope(call_types=frozenset({"CRISIS"})), disqualifier=(a_danger(words=("zzz",)),))
    assert "violence" not in spoken(screened(call, quiet))


def test_units_on_their_way_are_not_on_scene() -> None:
    policy = a_policy(disqualifier=(a_danger(unit_kinds=frozenset({"police"})),))
    call = a_call(units=(Unit("u1", UnitStatus.EN_ROUTE, kind="police"),))
    assert screened(call, policy).verdict is Verdict.OFFER


@pytest.mark.parametrize(
    "narrative", ["no weapons seen", "denies weapon", "not violent", "neg inj", "verbal only"]
)
def test_a_denial_in_the_narrative_is_told_and_answers_nothing(narrative: str) -> None:
    assert screened(a_call(narrative=narrative)).verdict is Verdict.OFFER
    unanswered = dict.fromkeys(("weapon", "violence", "medical"), UNKNOWN)
    decision = screened(a_call(narrative=narrative, answers=unanswered))
    assert decision.verdict is Verdict.REVIEW
    assert len(spoken(decision, Weight.OPEN)) == 3
    assert len(spoken(decision, Weight.FOR) & {"weapon", "violence", "medical"}) == 1


def test_a_coded_no_does_not_silence_the_narrative() -> None:
    decision = screened(a_call(narrative="he is hitting people"))
    assert decision.verdict is Verdict.KEEP
    assert {("violence", Weight.AGAINST), ("violence", Weight.FOR)} <= {
        (reason.clause, reason.weight) for reason in decision.reasons
    }


def test_every_danger_is_told_and_not_only_the_first() -> None:
    everything = dict.fromkeys(("weapon", "violence", "medical", "police_only"), YES)
    assert len(spoken(screened(a_call(answers=everything)), Weight.AGAINST)) == 4


def test_a_reason_names_the_lists_entry_and_none_of_the_callers_words() -> None:
    decision = screened(a_call(narrative="CANARY weaponsCANARY CANARY 555-0199"))
    told = " ".join(reason.sentence for reason in decision.reasons)
    assert '"weapon*"' in told
    assert "canary" not in told.lower()
    assert "0199" not in told


def test_an_unreadable_narrative_goes_to_a_person() -> None:
    decision = screened(a_call(narrative="\x01\x02 calm"))
    assert decision.verdict is Verdict.REVIEW
    assert spoken(decision, Weight.OPEN) == {"narrative.unreadable"}
    assert not decision.danger
