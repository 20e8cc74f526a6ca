"""One call explained: every clause that spoke, each destination, and what would have been otherwise."""

from datetime import timedelta

from planning_calls import (
    ALL_NO,
    DESK,
    LINE,
    MONDAY,
    a_destination,
    a_limit,
    a_past_call,
    a_plan,
    a_policy,
    a_scope,
    an_acceptance,
    an_event,
    of_age,
)

from bridge.domain.cad import Answer, EventKind
from bridge.domain.decision import Verdict
from bridge.domain.policy_clauses import RecategoryClause
from bridge.domain.when import CallerRule
from bridge.planning.explaining import explained
from bridge.planning.past import past_calls
from bridge.planning.plan import plan_of


def of(call, plan):
    return explained(plan, call.last, call)


def test_a_call_that_goes_is_told_what_would_have_kept_it() -> None:
    found = of(a_past_call(), a_plan())
    otherwise = dict(found.otherwise)
    assert found.decision.verdict is Verdict.OFFER
    assert otherwise["if weapon had been answered with yes (There is weapon.)"] is Verdict.KEEP
    assert otherwise["if nobody had answered medical (There is medical.)"] is Verdict.REVIEW
    assert otherwise["if the caller had asked for police"] is Verdict.KEEP


def test_a_call_that_stays_is_told_what_alone_would_have_let_it_go() -> None:
    call = a_past_call(answers=ALL_NO | {"weapon": Answer.YES})
    assert of(call, a_plan()).otherwise == (("without the clause weapon (There is weapon.)", Verdict.OFFER),)
    unasked = a_past_call(answers={**ALL_NO, "medical": Answer.UNKNOWN})
    (only,) = of(unasked, a_plan()).otherwise
    assert only[0].startswith("if the question had been answered with no")


def test_destinations_are_told_apart_with_their_own_reasons() -> None:
    elders = an_acceptance("elders", caller=CallerRule(min_age=70))
    found = of(a_past_call(caller=of_age(30)), a_plan(a_destination(LINE, accepts=(elders,))))
    assert [(one.id, one.asked) for one in found.destinations] == [(DESK, True), (LINE, False)]
    assert [reason.clause for reason in found.destinations[1].apart] == ["elders"]
    assert found.destinations[0].because == ("It is crisis.",)


def test_every_written_clause_speaks_or_is_listed_as_silent() -> None:
    plan = a_plan(policy=a_policy(limit=(a_limit("adults", caller=CallerRule(min_age=18)),)))
    found = of(a_past_call(caller=of_age(12)), plan)
    spoke = {reason.clause for reason in found.reasons}
    assert {name for name, _ in found.silent} == set(plan.clauses) - spoke
    assert "adults" in spoke


def test_a_call_that_waited_is_decided_as_one_that_waits() -> None:
    waiting = RecategoryClause(
        id="late",
        sentence="It waits.",
        as_call_type="CRISIS",
        call_types=frozenset({"PARKING"}),
        waiting_minutes=30,
    )
    plan = a_plan(policy=a_policy(recategory=(waiting,)))
    sent = an_event(at=MONDAY + timedelta(minutes=45), kind=EventKind.UNIT_STATUS, code="", units=("A1",))
    soon = an_event(at=MONDAY + timedelta(minutes=5), kind=EventKind.UNIT_STATUS, code="", units=("A1",))
    for unit, verdict in ((sent, Verdict.RECOMMEND), (soon, Verdict.KEEP)):
        (call,) = past_calls([an_event(code="PARKING"), unit])
        assert of(call, plan).decision.verdict is verdict


def test_a_plan_is_of_the_newest_versions_and_of_the_destinations_they_name() -> None:
    old = a_policy(version="0", effective=MONDAY, scope=(a_scope("odd"),))
    known = {name: a_destination(name) for name in (LINE, DESK, "other")}
    plan = plan_of([a_policy(), old], known)
    assert [policy.version for policy in plan.policies] == ["1"]
    assert set(plan.destinations) == {LINE, DESK}
