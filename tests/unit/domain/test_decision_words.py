"""What the call taker is told to say, word by word, and which of several reasons is the one that is told."""

from dataclasses import replace

import pytest
from domain_calls import DESK, DESTINATIONS, LINE, NOW, a_call, a_danger, a_destination, a_policy, a_scope

from bridge.domain.cad import Answer
from bridge.domain.clauses import DESTINATION_FULL
from bridge.domain.decision import Verdict
from bridge.domain.ids import ClauseId
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Danger, RecategoryClause
from bridge.domain.screening import screen

YES, UNKNOWN = Answer.YES, Answer.UNKNOWN


def said(policy: Policy, **answers: Answer) -> str:
    return screen(a_call(answers=answers), policy, DESTINATIONS, NOW).say


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [
        (None, "The wait is not known."),
        (0.0, "Expected wait: less than a minute."),
        (59.9, "Expected wait: less than a minute."),
        (60.0, "Expected wait: about 1 min."),
        (3600.0, "Expected wait: about 60 min."),
    ],
)
def test_the_caller_hears_who_is_next_why_and_how_long_it_takes(seconds: float | None, wait: str) -> None:
    line = replace(a_destination("line"), name="the line", expected_wait=seconds)
    decision = screen(a_call(), a_policy(), {LINE: line}, NOW)
    assert decision.say == f"Next is the line. This is crisis. {wait}"


def test_the_words_are_those_of_the_clause_that_names_who_is_next() -> None:
    closed = a_scope("day", call_types=frozenset({"crisis"}), route=(DESK,), say="To the desk.")
    policy = a_policy(closed, a_scope(say="To the line."))
    assert said(policy) == "To the desk. This is day. The wait is not known."
    full = screen(a_call(), policy, DESTINATIONS, NOW, unable={DESK: DESTINATION_FULL})
    assert full.route == (LINE,)
    assert full.say == "To the line. This is crisis. The wait is not known."


def test_a_danger_is_told_before_what_is_only_open() -> None:
    policy = a_policy(
        disqualifier=(
            a_danger(Danger.WEAPON, questions=("weapon",), unanswered="review"),
            a_danger(Danger.VIOLENCE, questions=("violence",)),
        )
    )
    assert said(policy, weapon=UNKNOWN, violence=YES) == "Stays with 911. There is violence. (answered yes)"
    closed = screen(a_call(closed=True), policy, DESTINATIONS, NOW)
    assert closed.say == "Stays with 911. The incident is closed."


def test_of_a_call_that_stays_the_first_reason_that_is_not_for_its_going_is_told() -> None:
    nobody = screen(a_call(), a_policy(), {}, NOW)
    assert nobody.say == "Stays with 911. No destination of the policy is open to this call now."
    looked_at = a_policy(a_scope(verdict=Verdict.REVIEW, route=()))
    assert said(looked_at) == "Stays with 911 until somebody has looked. This is crisis."


def test_a_call_that_somebody_looks_at_may_have_no_reason_against_its_going() -> None:
    doubted = RecategoryClause(
        id=ClauseId("doubt"),
        sentence="A person looks at these.",
        call_types=frozenset({"crisis"}),
        as_call_type="32",
        verdict=Verdict.REVIEW,
    )
    assert (
        said(a_policy(a_scope(route=()), recategory=(doubted,)))
        == "Stays with 911 until somebody has looked."
    )
