"""What a scope clause, a limit or an acceptance says of a call: its reason, its weight, and for whom."""

from dataclasses import replace
from datetime import date

import pytest
from domain_calls import DESK, DESTINATIONS, LINE, NOW, a_call, a_danger, a_destination, a_policy, a_scope
from policy_calls import CALL, a_limit

from bridge.domain.cad import Answer, Caller, Channel
from bridge.domain.clauses import BUILT_IN
from bridge.domain.decision import Decision, Reason, Verdict, Weight
from bridge.domain.destination import Acceptance, Destination
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import AnswerClause, ScopeClause
from bridge.domain.screening import screen
from bridge.domain.when import CallerRule, When

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
CLOSED_NOW = Hours("UTC", (Span(frozenset({6}), NOW.time(), NOW.time()),))
FIRST_PARTY = CallerRule(first_party=True)
BOTH = a_scope(route=(LINE, DESK))


def decided(call: Incident, policy: Policy, **doors: Destination) -> Decision:
    return screen(
        call, policy, {**DESTINATIONS, **{DestinationId(name): one for name, one in doors.items()}}, NOW
    )


def of(clause: str, decision: Decision) -> list[Reason]:
    return [reason for reason in decision.reasons if reason.clause == clause]


def caller(first_party: Answer, **rules: object) -> Incident:
    return replace(CALL, caller=Caller(first_party=first_party), **rules)  # type: ignore[arg-type]


# --- The scope's own reason ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "weight"),
    [(Verdict.OFFER, Weight.FOR), (Verdict.RECOMMEND, Weight.FOR), (Verdict.REVIEW, Weight.OPEN)],
)
def test_a_scope_speaks_for_the_call_unless_a_person_must_look(verdict: Verdict, weight: Weight) -> None:
    decision = decided(CALL, a_policy(a_scope(verdict=verdict)))
    assert of("crisis", decision) == [Reason(ClauseId("crisis"), weight, "This is crisis.")]


def test_a_scope_whose_limits_are_not_met_says_only_which() -> None:
    shut = a_scope("day", call_types=frozenset({"crisis"}), hours=CLOSED_NOW)
    alone = decided(CALL, a_policy(shut))
    beside = decided(CALL, a_policy(a_scope(), shut))
    closed = Reason(ClauseId("hours.closed"), Weight.AGAINST, BUILT_IN["hours.closed"])
    for decision in (alone, beside):
        assert of("hours.closed", decision) == [closed]
        assert of("day", decision) == []
    assert (alone.verdict, beside.verdict) == (Verdict.KEEP, Verdict.OFFER)


def test_a_limit_of_a_scope_that_is_not_known_leaves_the_call_open() -> None:
    decision = decided(CALL, a_policy(a_scope(caller=FIRST_PARTY)))
    unknown = Reason(ClauseId("caller.party_unknown"), Weight.OPEN, BUILT_IN["caller.party_unknown"])
    assert of("caller.party_unknown", decision) == [unknown]
    assert decision.verdict is Verdict.REVIEW
    assert decided(caller(YES), a_policy(a_scope(caller=FIRST_PARTY))).verdict is Verdict.OFFER


# --- Answers by definition -----------------------------------------------------------------------


def defined(**names: frozenset[str]) -> AnswerClause:
    return AnswerClause(id=ClauseId("card"), sentence="By its type.", gives={"weapon": "no"}, **names)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "determinant", "answers"),
    [
        ({"determinants": frozenset({"25-A-*"})}, "25A1", True),
        ({"determinants": frozenset({"25-A-*"})}, "25A1V", False),
        ({"determinants": frozenset({"25-A-*"})}, "25B1", False),
        ({"determinants": frozenset({"25-A-*"})}, "", False),
        ({"call_types": frozenset({"CRISIS"})}, "", True),
        ({"call_types": frozenset({"CRISIS"})}, "25A1V", True),
        ({"call_types": frozenset({"ELSE"})}, "", False),
    ],
)
def test_a_type_answers_by_definition_and_a_determinant_only_without_its_suffix(
    names: dict[str, frozenset[str]], determinant: str, answers: bool
) -> None:
    call = replace(a_call(determinant=determinant), answers=())
    weapon = a_danger(questions=("weapon",), unanswered="review")
    decision = decided(call, a_policy(disqualifier=(weapon,), answer=(defined(**names),)))
    told = [Reason(ClauseId("card"), Weight.FOR, "By its type.")]
    assert of("card", decision) == (told if answers else [])
    assert (of("answer.missing.weapon", decision) == []) is answers


# --- Limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "weight"), [(YES, None), (NO, Weight.AGAINST), (UNKNOWN, Weight.OPEN)])
@pytest.mark.parametrize("destinations", [frozenset(), frozenset({LINE})])
def test_a_limit_that_is_not_met_is_against_the_call_and_one_not_known_is_open(
    said: Answer, weight: Weight | None, destinations: frozenset[DestinationId]
) -> None:
    decision = decided(
        caller(said), a_policy(limit=(a_limit(caller=FIRST_PARTY, destinations=destinations),))
    )
    told = [Reason(ClauseId("limit"), weight, "A limit.")] if weight else []
    assert of("limit", decision) == told
    verdicts = {YES: Verdict.OFFER, NO: Verdict.KEEP, UNKNOWN: Verdict.REVIEW}
    assert decision.verdict is verdicts[said]
    assert (LINE in decision.barred) is (said is NO and bool(destinations))


NOWHERE = replace(CALL, location=None)
IN_D9 = When(districts=frozenset({"D9"}))


@pytest.mark.parametrize(
    ("rules", "call", "verdict"),
    [
        ({"never": IN_D9}, CALL, Verdict.OFFER),
        ({"never": IN_D9}, NOWHERE, Verdict.REVIEW),
        ({"never": When(districts=frozenset({"D1"}))}, CALL, Verdict.KEEP),
        ({"never": IN_D9, "priorities": frozenset({4})}, replace(NOWHERE, priority=3), Verdict.KEEP),
        ({"never": IN_D9, "priorities": frozenset({4})}, replace(NOWHERE, priority=4), Verdict.REVIEW),
        ({"never": IN_D9, "priorities": frozenset({4})}, CALL, Verdict.REVIEW),
        ({"never": When(call_types=frozenset({"CRISIS"})), "priorities": frozenset({4})}, CALL, Verdict.KEEP),
        (
            {"never": When(channels=frozenset({Channel.SENSOR}), cautions=frozenset({"GUN"}))},
            replace(CALL, channel=Channel.SENSOR),
            Verdict.OFFER,
        ),
    ],
)
def test_what_never_may_go_and_what_must_be_met_hold_each_by_itself(
    rules: dict[str, object], call: Incident, verdict: Verdict
) -> None:
    assert decided(call, a_policy(limit=(a_limit(**rules),))).verdict is verdict


SCOPES = {
    name: a_scope(name, call_types=frozenset({"crisis"}), need=name) for name in ("conflict", "medical")
}


@pytest.mark.parametrize(
    ("admitting", "rules", "route"),
    [
        (("conflict",), {"needs": frozenset({"conflict"})}, (LINE,)),
        (("conflict", "medical"), {"needs": frozenset({"conflict"})}, (LINE,)),
        (("medical",), {"needs": frozenset({"conflict"})}, ()),
        (("medical",), {"needs": frozenset({"conflict"}), "scopes": frozenset({"conflict"})}, (LINE,)),
        (("medical",), {"caller": FIRST_PARTY, "scopes": frozenset({"conflict"})}, (LINE,)),
        (("conflict",), {"caller": FIRST_PARTY, "scopes": frozenset({"conflict"})}, ()),
        (("conflict", "medical"), {"caller": FIRST_PARTY, "scopes": frozenset({"conflict"})}, ()),
        (("medical",), {"caller": FIRST_PARTY}, ()),
    ],
)
def test_a_limit_for_one_destination_is_for_its_scopes_and_lets_its_needs_through(
    admitting: tuple[str, ...], rules: dict[str, object], route: tuple[DestinationId, ...]
) -> None:
    limit = a_limit(destinations=frozenset({LINE}), **rules)
    policy = a_policy(*(SCOPES[name] for name in admitting), limit=(limit,))
    decision = decided(caller(NO), policy)
    assert decision.route == route
    assert decision.barred == (frozenset() if route else {LINE})
    assert decision.verdict is (Verdict.OFFER if route else Verdict.KEEP)


def test_a_need_that_a_hotline_does_not_take_is_certain_whatever_else_is_unknown() -> None:
    clause = Acceptance(
        id=ClauseId("line.adults"),
        sentence="Adults in conflict.",
        needs=frozenset({"conflict"}),
        caller=CallerRule(min_age=18),
        signed_by="Director",
        signed_on=date(2025, 1, 2),
    )
    line = replace(a_destination("line"), accepts=(clause,))
    refused = decided(CALL, a_policy(SCOPES["medical"]), line=line)
    assert (refused.verdict, refused.barred) == (Verdict.KEEP, {LINE})
    assert of("line.adults", refused)[0].weight is Weight.AGAINST
    unknown = decided(CALL, a_policy(SCOPES["conflict"]), line=line)
    assert (unknown.verdict, of("line.adults", unknown)[0].weight) == (Verdict.REVIEW, Weight.OPEN)


def test_a_scope_with_two_conditions_is_about_calls_that_meet_both() -> None:
    scope: ScopeClause = a_scope(priorities=frozenset({4}), channels=frozenset({Channel.SENSOR}))
    half = decided(replace(CALL, priority=4), a_policy(scope))
    assert [reason.clause for reason in half.reasons if reason.weight is Weight.OPEN] == ["scope.not_met"]
    whole = decided(replace(CALL, priority=4, channel=Channel.SENSOR), a_policy(scope))
    assert whole.verdict is Verdict.OFFER
