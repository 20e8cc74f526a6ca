"""What a program takes upon itself, and who would go: each limit and each destination apart."""

from dataclasses import replace
from datetime import date, time

import pytest
from domain_calls import (
    DESK,
    LINE,
    NOW,
    a_call,
    a_danger,
    a_destination,
    a_policy,
    a_scope,
)
from policy_calls import CALL, NO, UNKNOWN, YES, a_limit, decided, spoken

from bridge.domain.cad import (
    Answer,
    Caller,
    Channel,
    CodedAnswer,
)
from bridge.domain.clauses import DESTINATION_FULL
from bridge.domain.decision import Verdict
from bridge.domain.destination import Acceptance, Destination
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.policy_clauses import (
    Danger,
    DisqualifierClause,
)
from bridge.domain.screening import screen
from bridge.domain.when import CallerRule, When

# --- Limits ---------------------------------------------------------------------------------------

FIRST_PARTY = {"caller": CallerRule(first_party=True)}


@pytest.mark.parametrize(
    ("said", "verdict"), [(YES, Verdict.OFFER), (NO, Verdict.KEEP), (UNKNOWN, Verdict.REVIEW)]
)
def test_a_limit_is_a_clause_of_its_own(said: Answer, verdict: Verdict) -> None:
    decision = decided(a_call(caller=Caller(first_party=said)), a_policy(limit=(a_limit(**FIRST_PARTY),)))
    assert decision.verdict is verdict
    assert ("limit" in spoken(decision)) is (said is not YES)


def test_a_limit_of_one_scope_leaves_the_others_alone() -> None:
    limit = a_limit(**FIRST_PARTY, scopes=frozenset({ClauseId("crisis")}))
    policy = a_policy(a_scope(), a_scope("OTHER"), limit=(limit,))
    third = Caller(first_party=NO)
    assert decided(a_call(caller=third), policy).verdict is Verdict.KEEP
    assert decided(a_call("OTHER", caller=third), policy).verdict is Verdict.OFFER


def test_a_limit_to_some_needs_is_behavioral_only() -> None:
    policy = a_policy(
        a_scope(need="behavioral-health"),
        a_scope("NOISE", need="conflict"),
        limit=(a_limit(needs=frozenset({"behavioral-health"})),),
    )
    assert decided(a_call(), policy).verdict is Verdict.OFFER
    assert decided(a_call("NOISE"), policy).verdict is Verdict.KEEP


def test_what_may_never_go_is_barred_as_far_as_is_known() -> None:
    policy = a_policy(limit=(a_limit(never=When(channels=frozenset({Channel.SENSOR}))),))
    assert decided(replace(CALL, channel=Channel.SENSOR), policy).verdict is Verdict.KEEP
    assert decided(CALL, policy).verdict is Verdict.OFFER
    police_types = a_policy(limit=(a_limit(never=When(call_types=frozenset({"crisis"}))),))
    assert decided(CALL, police_types).verdict is Verdict.KEEP


def test_a_limit_on_what_was_answered_holds_the_unanswered_back() -> None:
    policy = a_policy(limit=(a_limit(answers={"adult": "yes"}),))
    assert decided(CALL, policy).verdict is Verdict.REVIEW
    assert (
        decided(replace(CALL, answers=(*CALL.answers, CodedAnswer("adult", YES))), policy).verdict
        is Verdict.OFFER
    )
    assert (
        decided(replace(CALL, answers=(*CALL.answers, CodedAnswer("adult", NO))), policy).verdict
        is Verdict.KEEP
    )


# --- Who would go ---------------------------------------------------------------------------------

MEDIC = replace(a_destination("desk"), skills=frozenset({"medic"}))
DOORS = {LINE: a_destination("line"), DESK: MEDIC}
BOTH = a_scope(route=(LINE, DESK))
NO_WORDS = {danger: a_danger(danger, questions=(danger.value,), unanswered="review") for danger in Danger}


def with_medical(**rules: object) -> tuple[DisqualifierClause, ...]:
    medical = a_danger(Danger.MEDICAL, questions=("medical",), unanswered="review", **rules)
    return (*(clause for danger, clause in NO_WORDS.items() if danger is not Danger.MEDICAL), medical)


@pytest.mark.parametrize(
    ("rules", "medical", "verdict", "route"),
    [
        ({"unless_skills": frozenset({"medic"})}, YES, Verdict.OFFER, (DESK,)),
        ({"unless_skills": frozenset({"medic"})}, UNKNOWN, Verdict.OFFER, (DESK,)),
        ({"unless_skills": frozenset({"medic"})}, NO, Verdict.OFFER, (LINE, DESK)),
        ({"destinations": frozenset({LINE})}, YES, Verdict.OFFER, (DESK,)),
        ({"destinations": frozenset({LINE, DESK})}, YES, Verdict.KEEP, ()),
        ({}, YES, Verdict.KEEP, ()),
    ],
)
def test_a_danger_rules_out_those_who_cannot_meet_it(
    rules: dict[str, object], medical: Answer, verdict: Verdict, route: tuple[DestinationId, ...]
) -> None:
    policy = a_policy(BOTH, disqualifier=with_medical(**rules))
    decision = decided(a_call(answers={"medical": medical}), policy, DOORS)
    assert (decision.verdict, decision.route) == (verdict, route)
    if medical is YES:
        assert "medical" in spoken(decision)
        assert decision.danger is (verdict is Verdict.KEEP)


def test_a_danger_that_makes_tandem_for_one_and_nothing_for_the_other_goes_to_the_other() -> None:
    policy = a_policy(
        BOTH, disqualifier=with_medical(makes=Verdict.TANDEM, unless_skills=frozenset({"medic"}))
    )
    decision = decided(a_call(answers={"medical": YES}), policy, DOORS)
    assert (decision.verdict, decision.route) == (Verdict.OFFER, (DESK,))
    line_only = a_policy(
        a_scope(), disqualifier=with_medical(makes=Verdict.TANDEM, unless_skills=frozenset({"medic"}))
    )
    assert decided(a_call(answers={"medical": YES}), line_only, DOORS).verdict is Verdict.TANDEM


def accepting(**rules: object) -> Destination:
    clause = Acceptance(
        id=ClauseId("line.adults"),
        sentence="Adults only.",
        signed_by="Director",
        signed_on=date(2025, 1, 2),
        **rules,  # type: ignore[arg-type]
    )
    return replace(a_destination("line"), accepts=(clause,))


@pytest.mark.parametrize(
    ("age", "verdict", "route"),
    [(30, Verdict.OFFER, (LINE, DESK)), (15, Verdict.OFFER, (DESK,)), (None, Verdict.OFFER, (DESK,))],
)
def test_a_hotline_takes_what_it_agreed_to_take(
    age: int | None, verdict: Verdict, route: tuple[DestinationId, ...]
) -> None:
    doors = {LINE: accepting(caller=CallerRule(min_age=18)), DESK: MEDIC}
    decision = decided(a_call(caller=Caller(age=age)), a_policy(BOTH), doors)
    assert (decision.verdict, decision.route) == (verdict, route)
    assert ("line.adults" in spoken(decision)) is (age != 30)


def test_a_hotline_alone_that_must_know_the_age_makes_the_call_review() -> None:
    doors = {LINE: accepting(caller=CallerRule(min_age=18))}
    decision = decided(a_call(), a_policy(), doors)
    assert (decision.verdict, decision.route) == (Verdict.REVIEW, (LINE,))


def test_a_hotline_for_one_need_is_not_asked_for_another() -> None:
    doors = {LINE: accepting(needs=frozenset({"behavioral-health"})), DESK: MEDIC}
    policy = a_policy(replace(BOTH, need="conflict"))
    assert decided(CALL, policy, doors).route == (DESK,)


def test_a_limit_for_one_destination_leaves_the_other() -> None:
    policy = a_policy(BOTH, limit=(a_limit(**FIRST_PARTY, destinations=frozenset({LINE})),))
    assert decided(a_call(caller=Caller(first_party=NO)), policy, DOORS).route == (DESK,)


def test_who_is_closed_or_full_is_passed_over_and_named() -> None:
    never = Hours("UTC", (Span(frozenset({0}), time(3), time(4)),))
    doors = {LINE: a_destination("line", hours=never), DESK: MEDIC}
    assert "destination.closed.line" in spoken(decided(CALL, a_policy(BOTH), doors))
    full = screen(CALL, a_policy(BOTH), DOORS, NOW, unable={LINE: DESTINATION_FULL})
    assert (full.route, "destination.full.line" in spoken(full)) == ((DESK,), True)
    nobody = screen(CALL, a_policy(BOTH), DOORS, NOW, unable=dict.fromkeys((LINE, DESK), DESTINATION_FULL))
    assert nobody.verdict is Verdict.KEEP
    assert {"destination.full.line", "destination.full.desk", "destination.none_open"} <= spoken(nobody)


def test_who_is_ruled_out_by_a_danger_is_not_said_to_be_closed() -> None:
    policy = a_policy(disqualifier=with_medical(destinations=frozenset({LINE})))
    assert "destination.none_open" not in spoken(decided(a_call(answers={"medical": YES}), policy))
