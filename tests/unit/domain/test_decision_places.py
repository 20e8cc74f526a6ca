"""Whether a place is in the districts or areas that a policy names, and which policy a place belongs to."""

from dataclasses import replace
from datetime import timedelta

import pytest
from domain_calls import DESTINATIONS, NOW, a_call, a_policy, a_scope

from bridge.domain.cad import Answer, Location
from bridge.domain.choosing import claims_ground, decide, decide_weighing
from bridge.domain.decision import Decision, Verdict
from bridge.domain.ground import Area, inside
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy, Where

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def at(place: Location | None) -> Incident:
    return replace(a_call(), location=place)


def always(answer: Answer) -> Area:
    return lambda *_: answer


SOMEWHERE = Location(latitude=32.8, longitude=-96.8)


@pytest.mark.parametrize(
    ("place", "districts", "areas", "answer"),
    [
        (None, {"N1"}, [YES], UNKNOWN),
        (Location(district="N1"), {"N1"}, [], YES),
        (Location(district=" n1 "), {"N1"}, [], YES),
        (Location(district="S1"), {"N1"}, [], NO),
        (Location(), {"N1"}, [], UNKNOWN),
        (Location(), {""}, [], UNKNOWN),
        (SOMEWHERE, set(), [YES], YES),
        (SOMEWHERE, set(), [NO], NO),
        (SOMEWHERE, set(), [UNKNOWN], UNKNOWN),
        (SOMEWHERE, set(), [NO, UNKNOWN], UNKNOWN),
        (SOMEWHERE, set(), [NO, YES, UNKNOWN], YES),
        (SOMEWHERE, {"N1"}, [NO], UNKNOWN),
        (SOMEWHERE, {"N1"}, [YES], YES),
        (replace(SOMEWHERE, district="S1"), {"N1"}, [YES], YES),
        (replace(SOMEWHERE, district="S1"), {"N1"}, [NO], NO),
        (Location(district="S1"), {"N1"}, [YES], UNKNOWN),
        (Location(), set(), [YES], UNKNOWN),
        (Location(latitude=32.8), set(), [YES], UNKNOWN),
        (Location(longitude=-96.8), set(), [YES], UNKNOWN),
    ],
)
def test_a_place_is_inside_by_either_way_and_outside_only_where_every_way_says_so(
    place: Location | None, districts: set[str], areas: list[Answer], answer: Answer
) -> None:
    assert inside(at(place), frozenset(districts), map(always, areas)) is answer


@pytest.mark.parametrize(("uncertainty", "told"), [(None, 0.0), (35.0, 35.0)])
def test_an_area_is_asked_with_the_point_and_its_uncertainty(uncertainty: float | None, told: float) -> None:
    asked = []

    def area(*point: float) -> Answer:
        asked.append(point)
        return YES

    inside(at(replace(SOMEWHERE, uncertainty_m=uncertainty)), frozenset(), [area])
    assert asked == [(32.8, -96.8, told)]


# --- Whose call it is ----------------------------------------------------------------------------

NORTH = a_policy(where=Where(districts=frozenset({" n1 "})), name="north")
SOUTH = a_policy(where=Where(districts=frozenset({"S1"})), name="south")
CAREFUL = a_policy(a_scope(verdict=Verdict.RECOMMEND), name="careful")


def decided(*policies: Policy, place: Location | None) -> Decision:
    return decide(policies, at(place), DESTINATIONS, NOW)


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        (Where(), YES),
        (Where(districts=frozenset({"n1"})), YES),
        (Where(districts=frozenset({"S1"})), NO),
        (Where(areas=frozenset({"ours"})), YES),
        (Where(areas=frozenset({"theirs"})), NO),
    ],
)
def test_a_policy_claims_the_ground_it_is_written_for_or_all(where: Where, answer: Answer) -> None:
    policy = a_policy(where=where, areas={"ours": always(YES), "theirs": always(NO)})
    assert claims_ground(policy, at(Location(latitude=1, longitude=1, district="N1"))) is answer
    if where == Where():
        assert claims_ground(policy, at(None)) is YES


def test_a_call_on_ground_of_no_policy_stays_and_so_does_one_that_might_be_on_some() -> None:
    outside = decided(NORTH, SOUTH, place=Location(district="W1"))
    assert [reason.clause for reason in outside.reasons] == ["place.outside"]
    unknown = decided(
        a_policy(where=Where(areas=frozenset({"a"})), areas={"a": always(NO)}), NORTH, place=SOMEWHERE
    )
    assert [reason.clause for reason in unknown.reasons] == ["place.unknown"]


def test_of_two_policies_for_one_ground_the_more_careful_decision_counts() -> None:
    for policies in ((NORTH, CAREFUL), (CAREFUL, NORTH)):
        decision = decided(*policies, place=Location(district="N1"))
        assert (decision.verdict, decision.policy.name) == (Verdict.RECOMMEND, "careful")


def test_an_agency_whose_policies_have_not_begun_has_none() -> None:
    weighing = decide_weighing((), a_call(), DESTINATIONS, NOW)
    assert [reason.clause for reason in weighing.decision.reasons] == ["policy.none"]
    later = a_policy(effective=NOW + timedelta(seconds=1))
    assert decided(later, place=None) == weighing.decision


def test_of_policies_for_one_ground_the_soonest_that_may_change_its_mind_is_waited_for() -> None:
    careful = a_policy(a_scope("ELSE"), name="careful")
    waiting = [
        a_policy(a_scope(waiting_minutes=minutes), name=f"after {minutes}") for minutes in (30, 10, 20)
    ]
    call = replace(at(Location(district="N1")), first_at=NOW)

    def again_at(*policies: Policy) -> timedelta | None:
        decision = decide(policies, call, DESTINATIONS, NOW)
        assert (decision.verdict, decision.policy.name) == (Verdict.KEEP, policies[0].name)
        return decision.again_at and decision.again_at - NOW

    assert again_at(careful) is None
    assert again_at(careful, NORTH) is None
    assert again_at(careful, waiting[0]) == timedelta(minutes=30)
    assert again_at(*waiting) == timedelta(minutes=10)
