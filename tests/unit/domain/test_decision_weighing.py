"""How reasons are weighed: what each built-in clause says and with what weight, who is barred, what wins."""

from dataclasses import replace
from datetime import timedelta

import pytest
from domain_calls import (
    DESK,
    DESTINATIONS,
    LINE,
    NOW,
    a_call,
    a_danger,
    a_destination,
    a_policy,
    a_scope,
)
from policy_calls import UNASKED, a_limit

from bridge.domain.cad import Answer, Caller, CallType
from bridge.domain.clauses import BUILT_IN
from bridge.domain.decision import Decision, PolicyRef, Reason, TransferKind, Verdict, Weight
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import ClauseId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Danger, RecategoryClause, Shape
from bridge.domain.screening import kept, no_policy, screen, weigh
from bridge.domain.spoken import CAUTION, Spoken
from bridge.domain.when import CallerRule

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
CLOSED_NOW = Hours("UTC", (Span(frozenset({6}), NOW.time(), NOW.time()),))
CRISIS = frozenset({"crisis"})


def decided(call: Incident, policy: Policy | None = None, **doors: object) -> Decision:
    return screen(call, policy or a_policy(), DESTINATIONS, NOW, **doors)  # type: ignore[arg-type]


def clauses(decision: Decision) -> list[str]:
    return [reason.clause for reason in decision.reasons]


def built_in(clause: str, weight: Weight, of: str = "", *, disqualifies: bool = False) -> Reason:
    return Reason(ClauseId(clause + of), weight, BUILT_IN[clause], disqualifies)


# --- What the bridge itself says -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (a_call(""), built_in("type.missing", Weight.OPEN)),
        (replace(a_call(), call_type=None), built_in("type.missing", Weight.OPEN)),
        (a_call("ELSE"), built_in("type.unknown", Weight.OPEN)),
        (a_call("", determinant="9E1"), built_in("type.unknown", Weight.OPEN)),
        (a_call(closed=True), built_in("incident.closed", Weight.AGAINST)),
        (
            a_call(caller=Caller(wants_police=YES)),
            built_in("caller.wants_police", Weight.AGAINST, disqualifies=True),
        ),
    ],
)
def test_what_keeps_every_call_is_told_with_its_weight(call: Incident, reason: Reason) -> None:
    decision = decided(call)
    assert (decision.verdict, decision.route) == (Verdict.KEEP, ())
    assert reason in decision.reasons


def test_an_unreadable_determinant_is_an_open_matter_of_calls_that_a_scope_is_about() -> None:
    decision = decided(a_call(determinant="nonsense"))
    assert decision.verdict is Verdict.REVIEW
    assert built_in("determinant.unreadable", Weight.OPEN) in decision.reasons
    assert clauses(decided(a_call("ELSE", determinant="nonsense")))[0] == "type.unknown"
    assert "determinant.unreadable" not in clauses(decided(a_call("ELSE", determinant="nonsense")))


def test_a_call_without_a_type_stays_though_a_scope_takes_any_type() -> None:
    policy = a_policy(a_scope(call_types=frozenset(), any_call_type=True))
    decision = decided(replace(a_call(), call_type=None), policy)
    assert decision.verdict is Verdict.KEEP
    assert built_in("type.missing", Weight.OPEN) in decision.reasons
    assert decided(replace(a_call(), call_type=CallType("ANY")), policy).verdict is Verdict.OFFER


def test_without_a_policy_or_before_it_begins_one_open_clause_keeps_the_call() -> None:
    none = no_policy(a_call())
    assert none.policy == PolicyRef("none", "", "")
    assert none.reasons == (built_in("policy.none", Weight.OPEN),)
    assert kept("place.outside") == replace(none, reasons=(built_in("place.outside", Weight.OPEN),))
    early = a_policy(effective=NOW + timedelta(seconds=1))
    weighing = weigh(a_call(), early, DESTINATIONS, NOW)
    assert weighing.spoken == (Spoken(built_in("policy.not_in_force", Weight.OPEN), Verdict.KEEP),)
    assert weighing.decision.policy == early.ref


def test_a_policy_decides_from_its_first_instant() -> None:
    assert decided(a_call(), a_policy(effective=NOW)).verdict is Verdict.OFFER


# --- Who would go --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "unable", "reason"),
    [
        (None, {}, built_in("destination.unknown.", Weight.AGAINST, "line")),
        (
            a_destination("line", frozenset({TransferKind.VOICE})),
            {},
            built_in("destination.other_kind.", Weight.AGAINST, "line"),
        ),
        (
            a_destination("line", hours=CLOSED_NOW),
            {},
            built_in("destination.closed.", Weight.AGAINST, "line"),
        ),
        (
            a_destination("line"),
            {LINE: "destination.full."},
            built_in("destination.full.", Weight.AGAINST, "line"),
        ),
    ],
)
def test_each_door_that_is_shut_is_named_with_its_reason(
    line: object, unable: dict[object, str], reason: Reason
) -> None:
    doors = {LINE: line} if line is not None else {}
    weighing = weigh(a_call(), a_policy(), doors, NOW, unable)  # type: ignore[arg-type]
    nobody = built_in("destination.none_open", Weight.AGAINST)
    assert {reason, nobody} <= set(weighing.decision.reasons)
    assert weighing.spoken[-1] == Spoken(nobody, Verdict.KEEP)
    assert weighing.decision.verdict is Verdict.KEEP
    assert weighing.decision.barred == frozenset(), "shut is not barred"


def test_a_scope_that_names_nobody_has_nobody_to_go_to() -> None:
    decision = decided(a_call(), a_policy(a_scope(route=())))
    assert (decision.verdict, clauses(decision)[-1]) == (Verdict.KEEP, "destination.none_open")


def test_who_may_not_have_the_call_is_barred_and_who_must_first_be_asked_is_not() -> None:
    both = a_scope(route=(LINE, DESK))
    asked = a_limit(caller=CallerRule(first_party=True), destinations=frozenset({LINE}))
    policy = a_policy(both, limit=(asked,))
    refused = decided(a_call(caller=Caller(first_party=NO)), policy)
    assert (refused.route, refused.barred) == ((DESK,), {LINE})
    open_yet = decided(a_call(caller=Caller(first_party=UNKNOWN)), policy)
    assert (open_yet.route, open_yet.barred) == ((DESK,), frozenset())
    assert decided(a_call(), a_policy(both)).barred == frozenset()


def test_a_danger_for_everybody_bars_nobody_by_name_and_is_told_once() -> None:
    decision = decided(a_call(answers={"violence": YES}))
    assert decision.barred == frozenset()
    assert clauses(decision).count("violence") == 1


# --- What wins -----------------------------------------------------------------------------------

ORDER = [Verdict.OFFER, Verdict.RECOMMEND, Verdict.TANDEM, Verdict.REVIEW, Verdict.KEEP]


def test_the_verdicts_have_one_order_of_caution() -> None:
    assert sorted(Verdict, key=CAUTION.__getitem__) == ORDER
    assert len({CAUTION[verdict] for verdict in Verdict}) == len(ORDER)


@pytest.mark.parametrize("scope", [Verdict.OFFER, Verdict.RECOMMEND, Verdict.REVIEW])
@pytest.mark.parametrize("danger", [Verdict.TANDEM, Verdict.REVIEW, Verdict.KEEP])
def test_the_more_cautious_of_scope_and_danger_wins(scope: Verdict, danger: Verdict) -> None:
    policy = a_policy(a_scope(verdict=scope), disqualifier=(a_danger(questions=("weapon",), makes=danger),))
    decision = decided(a_call(answers={"weapon": YES}), policy)
    assert decision.verdict is max(scope, danger, key=ORDER.index)


@pytest.mark.parametrize("wants", [("keep", "review"), ("review", "keep")])
def test_a_question_that_two_dangers_ask_is_told_once_as_cautiously_as_either(wants: tuple[str, str]) -> None:
    policy = a_policy(
        disqualifier=tuple(
            a_danger(danger, questions=("both",), unanswered=unanswered)
            for danger, unanswered in zip((Danger.WEAPON, Danger.VIOLENCE), wants, strict=True)
        )
    )
    decision = decided(a_call(), policy)
    assert decision.verdict is Verdict.KEEP
    assert clauses(decision).count("answer.missing.both") == 1


# --- Which answers are demanded ------------------------------------------------------------------


def test_a_scope_that_is_closed_demands_nothing_of_a_call_that_another_admits() -> None:
    open_now = a_scope(shape=Shape.DEFAULT_TYPES)
    shut = a_scope("day", call_types=CRISIS, shape=Shape.ALL_NOES, hours=CLOSED_NOW)
    assert decided(a_call(answers=UNASKED), a_policy(open_now, shut)).verdict is Verdict.OFFER
    assert decided(a_call(answers=UNASKED), a_policy(shut, open_now)).verdict is Verdict.OFFER


def test_what_is_missing_is_told_of_a_call_that_no_open_scope_admits() -> None:
    shut = a_scope(hours=CLOSED_NOW)
    assert "answer.missing.weapon" in clauses(decided(a_call(answers=UNASKED), a_policy(shut)))
    lax = a_scope(hours=CLOSED_NOW, shape=Shape.DEFAULT_TYPES)
    assert "answer.missing.weapon" not in clauses(decided(a_call(answers=UNASKED), a_policy(lax)))


# --- Recategorised, and of what kind -------------------------------------------------------------


def another_type(**rules: object) -> RecategoryClause:
    given: dict[str, object] = {"id": ClauseId("lower"), "sentence": "It is less.", "call_types": {"800"}}
    return RecategoryClause(**(given | rules))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "retype"),
    [
        ({"as_call_type": "Crisis"}, "Crisis"),
        ({"as_determinant": "25-A-1"}, "25-A-1"),
        ({"as_call_type": "Crisis", "as_determinant": "25-A-1"}, "25-A-1"),
    ],
)
def test_cad_is_told_the_type_that_the_call_should_have(rules: dict[str, object], retype: str) -> None:
    policy = a_policy(a_scope(determinants=frozenset({"25-A-*"})), recategory=(another_type(**rules),))
    decision = decided(a_call("800"), policy)
    assert (decision.verdict, decision.retype) == (Verdict.RECOMMEND, retype)
    assert Reason(ClauseId("lower"), Weight.FOR, "It is less.") in decision.reasons
    assert decided(a_call(), policy).retype == ""


def test_a_call_that_no_scope_admits_is_of_the_kind_that_its_caller_makes_it() -> None:
    assert decided(a_call("ELSE")).kind is TransferKind.DATA
    assert decided(a_call("ELSE", caller=Caller(on_the_line=YES))).kind is TransferKind.VOICE
