"""Two versions of a policy on the same calls: what changes, and which clause is named as the cause."""

from dataclasses import replace

from planning_calls import (
    ALL_NO,
    DESK,
    LINE,
    MONDAY,
    a_limit,
    a_log,
    a_plan,
    a_policy,
    an_event,
    of_age,
    the_dangers,
    the_scopes,
)

from bridge.domain.cad import Answer, Channel
from bridge.domain.decision import Verdict
from bridge.domain.policy_clauses import Shape
from bridge.domain.when import CallerRule
from bridge.planning.comparing import Change, How, compared
from bridge.planning.counted import Denominator

CALL = a_log(an_event("1", caller=of_age(30)))
ADULTS, ELDERS = (
    a_limit(name, caller=CallerRule(min_age=age)) for name, age in (("adults", 40), ("elders", 70))
)
CRISIS, *OTHERS = the_scopes()


def changed(old, new, log=CALL):
    plans = (a_plan(policy=policy) for policy in (old, new))
    return compared(log, *plans, Denominator()).changes


def a_change(old: str, new: str, cause: tuple[str, ...], how: How = How.ALONE) -> list[Change]:
    return [Change("1", old, new, cause, how)]


def test_the_same_policy_changes_nothing() -> None:
    assert changed(a_policy(), a_policy(version="2")) == []


def test_a_sentence_that_was_rewritten_changes_nothing() -> None:
    scope = (replace(CRISIS, sentence="Otherwise said."), *OTHERS)
    assert changed(a_policy(), a_policy(scope=scope)) == []


def test_a_clause_that_was_added_removed_or_changed_is_named() -> None:
    limited = a_policy(limit=(ADULTS,))
    assert changed(a_policy(), limited) == a_change("offer", "keep", ("adults",))
    assert changed(limited, a_policy()) == a_change("keep", "offer", ("adults",))
    fewer = a_policy(limit=(replace(ADULTS, caller=CallerRule(min_age=18)),))
    assert changed(limited, fewer) == a_change("keep", "offer", ("adults",))
    recommended = a_policy(scope=(replace(CRISIS, verdict=Verdict.RECOMMEND), *OTHERS))
    assert changed(a_policy(), recommended) == a_change("offer", "recommend", ("crisis",))


def test_a_route_alone_is_a_change_and_is_said() -> None:
    turned = a_policy(scope=(replace(CRISIS, route=(DESK, LINE)), *OTHERS))
    assert changed(a_policy(), turned) == a_change("offer (line, desk)", "offer (desk, line)", ("crisis",))


def test_what_a_policy_says_of_itself_can_be_the_cause() -> None:
    unanswered = a_log(an_event("1", answers={}))
    by_type = a_policy(shape=Shape.DEFAULT_TYPES)
    assert changed(a_policy(), by_type, unanswered) == a_change("review", "offer", ("shape",))


def test_a_way_in_that_is_only_recorded_from_now_on_is_the_cause() -> None:
    by_form = a_log(an_event("1", caller=of_age(30), channel=Channel.WEB_FORM))
    recorded = a_policy(recorded=frozenset({Channel.WEB_FORM}))
    assert changed(a_policy(), recorded, by_form) == a_change("offer", "keep", ("recorded",))


def test_clauses_that_only_together_let_a_call_go_are_each_needed() -> None:
    found = changed(a_policy(limit=(ADULTS, ELDERS)), a_policy())
    assert found == a_change("keep", "offer", ("adults", "elders"), How.EACH_NEEDED)


def test_clauses_of_which_any_would_do_are_said_so() -> None:
    found = changed(a_policy(), a_policy(limit=(ADULTS, ELDERS)))
    assert found == a_change("offer", "keep", ("adults", "elders"), How.ANY_ENOUGH)


def test_a_clause_that_comes_back_stands_where_it_stood() -> None:
    weapon, *others = the_dangers()
    armed = a_log(an_event("1", answers=ALL_NO | {"weapon": Answer.YES}, at=MONDAY))
    found = changed(a_policy(disqualifier=tuple(others)), a_policy(disqualifier=(*others, weapon)), armed)
    assert found == a_change("offer", "keep", ("weapon",))


def test_calls_that_do_not_count_are_not_compared() -> None:
    practice = a_log(an_event("1", practice=True))
    found = compared(practice, a_plan(), a_plan(policy=a_policy(limit=(ADULTS,))), Denominator())
    assert (found.counted, found.changes, found.aside.total()) == (0, [], 1)
