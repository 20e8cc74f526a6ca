"""Conditions that choose calls, and what an unanswered question means for them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from domain_calls import (
    NOW,
    a_call,
    a_policy,
    a_scope,
)
from policy_calls import CALL, NO, UNASKED, YES, decided, spoken, with_field

from bridge.domain.cad import (
    AuthorRole,
    Caution,
    Channel,
    CodedAnswer,
    Note,
    Unit,
    UnitStatus,
)
from bridge.domain.decision import Verdict
from bridge.domain.incident import Incident
from bridge.domain.policy_clauses import (
    Shape,
)

# --- Conditions that choose calls -----------------------------------------------------------------


WAITING = replace(CALL, first_at=NOW - timedelta(minutes=20))
CHOSEN = [
    (
        {"fields": {"color": frozenset({"green"})}},
        with_field(CALL, "color", "GREEN"),
        with_field(CALL, "color", "RED"),
    ),
    ({"fields": {"color": frozenset({"green"})}}, with_field(CALL, "color", " green "), CALL),
    (
        {"answers": {"mental_health": "yes"}},
        replace(CALL, answers=(*CALL.answers, CodedAnswer("mental_health", YES))),
        replace(CALL, answers=(*CALL.answers, CodedAnswer("mental_health", NO))),
    ),
    ({"typed": frozenset({"/star"})}, a_call(narrative="/STAR, male crying"), a_call(narrative="/START")),
    (
        {"typed": frozenset({"/star"})},
        a_call(narrative="male crying (/star)"),
        replace(CALL, notes=(Note("/STAR", role=AuthorRole.OFFICER),)),
    ),
    (
        {"words": ("asks for the team",)},
        a_call(narrative="rp asks for the team"),
        a_call(narrative="rp asks for help"),
    ),
    ({"unless_words": ("asks for the team",)}, CALL, a_call(narrative="rp asks for the team")),
    ({"channels": frozenset({Channel.DIRECT_LINE})}, replace(CALL, channel=Channel.DIRECT_LINE), CALL),
    ({"channel_codes": frozenset({"3035550142"})}, replace(CALL, channel_code="3035550142"), CALL),
    ({"priorities": frozenset({4, 5})}, replace(CALL, priority=5), replace(CALL, priority=3)),
    ({"priorities": frozenset({4, 5})}, replace(CALL, priority=4), CALL),
    (
        {"cautions": frozenset({"dog"})},
        replace(CALL, cautions=(Caution("DOG"),)),
        replace(CALL, cautions=(Caution("GUN"),)),
    ),
    ({"waiting_minutes": 15}, WAITING, replace(WAITING, first_at=NOW - timedelta(minutes=14))),
    ({"waiting_minutes": 15}, WAITING, replace(WAITING, units=(Unit("A1", UnitStatus.EN_ROUTE),))),
]


@pytest.mark.parametrize(("condition", "met", "unmet"), CHOSEN)
def test_a_scope_is_about_the_calls_that_its_conditions_choose(
    condition: dict[str, object], met: Incident, unmet: Incident
) -> None:
    policy = a_policy(a_scope(verdict=Verdict.RECOMMEND, **condition))
    assert decided(met, policy).verdict is Verdict.RECOMMEND
    left = decided(unmet, policy)
    assert left.verdict is Verdict.KEEP
    assert "scope.not_met" in spoken(left)


def test_a_scope_of_any_type_takes_a_type_that_nothing_names_and_leaves_it_unknown_else() -> None:
    policy = a_policy(
        a_scope(call_types=frozenset(), any_call_type=True, fields={"service": frozenset({"MH"})})
    )
    assert decided(with_field(a_call("ODD"), "service", "MH"), policy).verdict is Verdict.OFFER
    assert "type.unknown" in spoken(decided(a_call("ODD"), policy))


def test_a_narrative_that_cannot_be_read_does_not_say_that_a_word_is_absent() -> None:
    policy = a_policy(a_scope(unless_words=("asks for police",)))
    assert decided(a_call(narrative="x" * 20_000), policy).verdict is Verdict.KEEP


# --- Shapes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_policy", "of_scope", "verdict"),
    [
        (Shape.ALL_NOES, None, Verdict.REVIEW),
        (Shape.DEFAULT_TYPES, None, Verdict.OFFER),
        (Shape.DEFAULT_TYPES, Shape.ALL_NOES, Verdict.REVIEW),
        (Shape.ALL_NOES, Shape.DEFAULT_TYPES, Verdict.OFFER),
    ],
)
def test_an_unanswered_question_is_no_no_unless_the_type_goes_by_itself(
    of_policy: Shape, of_scope: Shape | None, verdict: Verdict
) -> None:
    policy = a_policy(a_scope(shape=of_scope), shape=of_policy)
    assert decided(a_call(answers=UNASKED), policy).verdict is verdict


def test_a_call_under_two_shapes_needs_its_noes() -> None:
    both = a_policy(a_scope(shape=Shape.DEFAULT_TYPES), a_scope("other", call_types=frozenset({"CRISIS"})))
    assert decided(a_call(answers=UNASKED), both).verdict is Verdict.REVIEW


def test_a_default_type_stays_when_a_disqualifier_turns_up() -> None:
    policy = a_policy(a_scope(), shape=Shape.DEFAULT_TYPES)
    for call in (a_call(answers=UNASKED, narrative="has a gun"), a_call(answers=UNASKED | {"medical": YES})):
        assert decided(call, policy).verdict in {Verdict.KEEP, Verdict.TANDEM}
