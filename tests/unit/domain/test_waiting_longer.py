"""When a decision may change though nobody says anything: the call has waited, and nobody was sent."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from domain_calls import AGENCY, DESTINATIONS, NOW, a_call, a_policy, a_scope
from policy_calls import a_limit, decided

from bridge.domain.cad import CallType, Unit, UnitStatus
from bridge.domain.choosing import decide
from bridge.domain.decision import Decision, Verdict
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import ClauseId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy, Where
from bridge.domain.policy_clauses import RecategoryClause, ScopeClause


def a_wait(minutes: int, clause: str = "waits", **rules: object) -> ScopeClause:
    given: dict[str, object] = {"call_types": frozenset({"CRISIS"}), "verdict": Verdict.RECOMMEND} | rules
    return a_scope(clause, waiting_minutes=minutes, **given)  # type: ignore[arg-type]


def began(minutes_ago: float, **facts: object) -> Incident:
    return a_call(first_at=NOW - timedelta(minutes=minutes_ago), **facts)  # type: ignore[arg-type]


def with_unit(status: UnitStatus) -> Incident:
    return began(5, units=(Unit("A1", status),))


def in_minutes(decision: Decision) -> float | None:
    return None if decision.again_at is None else (decision.again_at - NOW) / timedelta(minutes=1)


CALL = began(5)
NIGHT = Hours(spans=(Span(frozenset({NOW.weekday()}), time(1), time(2)),))
OTHER_TYPE = frozenset({"WELFARE"})
FIELD = {"colour": frozenset({"GREEN"})}
AS_OTHER = RecategoryClause(
    id=ClauseId("retype"), sentence="Another type.", call_types=frozenset({"CRISIS"}), as_call_type="WELFARE"
)
WAITED_FOR = [
    ("nobody waits for anything", CALL, a_policy(a_scope()), None),
    ("a scope that is not there yet", CALL, a_policy(a_wait(15)), 10),
    ("the next of several", CALL, a_policy(a_wait(30, "late"), a_wait(4, "over"), a_wait(15)), 10),
    ("none after the last", began(31), a_policy(a_wait(30, "late"), a_wait(15)), None),
    ("none at the very instant", began(15), a_policy(a_wait(15)), None),
    ("an instant before it", began(14.75), a_policy(a_wait(15)), 0.25),
    ("another type's", CALL, a_policy(a_wait(15, call_types=OTHER_TYPE)), None),
    ("a type however it is written", began(5, code="crisis "), a_policy(a_wait(15)), 10),
    ("any type's", CALL, a_policy(a_wait(15, call_types=frozenset(), any_call_type=True)), 10),
    ("a determinant's", began(5, determinant="25-A-1"),
     a_policy(a_wait(15, call_types=frozenset(), determinants=frozenset({"25-A-*"}))), 10),
    ("a type that the policy makes of it", CALL,
     a_policy(a_wait(15, call_types=OTHER_TYPE), recategory=(AS_OTHER,)), 10),
    ("another type, after waiting", CALL,
     a_policy(a_scope(), recategory=(replace(AS_OTHER, waiting_minutes=20),)), 15),
    ("a limit", CALL, a_policy(a_scope(), limit=(a_limit(waiting_minutes=20),)), 15),
    ("whatever else is asked for", CALL, a_policy(a_wait(15, fields=FIELD)), 10),
    ("a clause that is not open then", CALL, a_policy(a_wait(15, hours=NIGHT)), 10),
    ("opening hours", CALL, a_policy(a_scope(hours=NIGHT)), None),
    ("a closed call's", replace(CALL, closed=True), a_policy(a_wait(15)), None),
    ("a unit is on its way", with_unit(UnitStatus.DISPATCHED), a_policy(a_wait(15)), None),
    ("a unit is free again", with_unit(UnitStatus.CLEARED), a_policy(a_wait(15)), 10),
    ("nobody knows since when", a_call(), a_policy(a_wait(15)), None),
    ("no type yet", replace(CALL, call_type=CallType("")), a_policy(a_wait(15)), None),
    ("a policy of tomorrow", CALL, a_policy(a_wait(15), effective=NOW + timedelta(days=1)), None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "policy", "minutes"), [row[1:] for row in WAITED_FOR], ids=[row[0] for row in WAITED_FOR]
)
def test_it_is_known_when_waiting_longer_may_change_the_decision(
    call: Incident, policy: Policy, minutes: float | None
) -> None:
    assert in_minutes(decided(call, policy)) == minutes


def test_at_the_instant_that_was_named_the_clause_speaks() -> None:
    policy, call = a_policy(a_wait(15)), began(5.123)
    first = decided(call, policy)
    assert first.verdict is Verdict.KEEP and first.again_at is not None
    then = decide((policy,), call, DESTINATIONS, first.again_at)
    assert (then.verdict, then.again_at) == (Verdict.RECOMMEND, None)


def test_of_two_policies_for_one_ground_the_first_that_may_change_counts() -> None:
    one = a_policy(a_wait(30, verdict=Verdict.REVIEW), a_scope(), name="one")
    other = a_policy(a_wait(15), name="other", where=Where(frozenset({"D1"})))
    assert in_minutes(decide((one, other), CALL, DESTINATIONS, NOW)) == 10
    assert in_minutes(decide((one,), CALL, DESTINATIONS, NOW)) == 25


def test_a_call_of_an_agency_without_a_policy_is_not_looked_at_again() -> None:
    assert decide((), CALL, DESTINATIONS, datetime(2025, 1, 1, tzinfo=UTC)).again_at is None
    assert CALL.agency == AGENCY
