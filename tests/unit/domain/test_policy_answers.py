"""Answers that nobody had to ask for: by definition, and printed by a scripted protocol."""

from dataclasses import replace

import pytest
from domain_calls import (
    a_call,
    a_danger,
    a_policy,
    a_scope,
)
from policy_calls import NO, UNKNOWN, YES, decided

from bridge.domain.cad import (
    Answer,
    CodedAnswer,
)
from bridge.domain.decision import Verdict
from bridge.domain.ids import ClauseId
from bridge.domain.incident import Incident
from bridge.domain.policy_clauses import (
    AnswerClause,
    Danger,
)

# --- Answers that nobody had to ask ---------------------------------------------------------------

DEFINED = AnswerClause(
    id=ClauseId("card-25"),
    sentence="25-A-2 has no weapon and no violence in it.",
    determinants=frozenset({"25-A-2"}),
    gives={"weapon": "no", "violence": "no"},
)
TWO_OPEN = dict.fromkeys(("weapon", "violence"), UNKNOWN)


def of_determinant(determinant: str, *noes: str, **yes: Answer) -> Incident:
    call = a_call("", determinant=determinant, narrative="calm")
    return replace(
        call,
        answers=tuple(CodedAnswer(name, NO) for name in noes)
        + tuple(CodedAnswer(name, said) for name, said in yes.items()),
    )


@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        (of_determinant("25A2", "medical", "police_only"), Verdict.OFFER),
        (of_determinant("25A1", "medical", "police_only"), Verdict.REVIEW),
        (of_determinant("25A2", "medical"), Verdict.REVIEW),
        (of_determinant("25A2V", "medical", "police_only"), Verdict.KEEP),
        (of_determinant("25A2", "medical", "police_only", weapon=UNKNOWN), Verdict.REVIEW),
        (of_determinant("25A2", "medical", "police_only", violence=YES), Verdict.KEEP),
    ],
)
def test_a_determinant_answers_by_definition_what_nobody_asked_and_overrules_nobody(
    call: Incident, verdict: Verdict
) -> None:
    dangers = tuple(
        a_danger(
            danger, questions=(danger.value,), unanswered="review", determinant_suffixes=frozenset({"V"})
        )
        for danger in Danger
    )
    scope = a_scope(call_types=frozenset(), determinants=frozenset({"25-A-*"}))
    decision = decided(call, a_policy(scope, disqualifier=dangers, answer=(DEFINED,)))
    assert decision.verdict is verdict


def test_an_answer_by_definition_is_told_as_one() -> None:
    scope = a_scope(call_types=frozenset(), determinants=frozenset({"25-A-*"}))
    dangers = tuple(a_danger(danger, questions=(danger.value,)) for danger in Danger)
    decision = decided(of_determinant("25A2"), a_policy(scope, disqualifier=dangers, answer=(DEFINED,)))
    said = {reason.clause: reason.sentence for reason in decision.reasons}
    assert "answered no, by definition" in said[ClauseId("weapon")]
    assert "card-25" in said


PRINTED = "1.She is not violent. 2.She does not have a weapon. 3.She is not injured. 4.Unknown."


def test_answers_printed_by_a_scripted_protocol_count_where_the_policy_lets_them() -> None:
    call = a_call(answers=TWO_OPEN, narrative=PRINTED)
    unasked = replace(call, answers=(CodedAnswer("police_only", NO),))
    assert decided(unasked, a_policy(printed_answers=True)).verdict is Verdict.OFFER
    assert decided(unasked, a_policy()).verdict is Verdict.REVIEW
    assert decided(call, a_policy(printed_answers=True)).verdict is Verdict.REVIEW, "UNKNOWN was coded"
