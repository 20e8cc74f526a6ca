"""Dangers that are spared, doubted or shown by a code; types, places and policies side by side; the words."""

from dataclasses import replace

import pytest
from domain_calls import (
    DESTINATIONS,
    LINE,
    NOW,
    a_call,
    a_danger,
    a_destination,
    a_policy,
    a_scope,
)
from policy_calls import CALL, NO, UNASKED, UNKNOWN, YES, decided, spoken, with_field

from bridge.domain.cad import (
    Answer,
    Caution,
    Location,
)
from bridge.domain.choosing import decide
from bridge.domain.decision import Verdict
from bridge.domain.ids import ClauseId
from bridge.domain.incident import Incident
from bridge.domain.policy import Where
from bridge.domain.policy_clauses import (
    Danger,
    RecategoryClause,
)
from bridge.domain.when import When

# --- Dangers that are spared, doubted, or shown by something else ---------------------------------


def test_a_weapon_that_does_not_matter_is_told_and_spares_the_call() -> None:
    weapon = a_danger(
        Danger.WEAPON,
        words=("knife",),
        unless=When(fields={"weapon_use": frozenset({"IRRELEVANT"})}),
    )
    rest = tuple(
        a_danger(danger, questions=(danger.value,)) for danger in Danger if danger is not Danger.WEAPON
    )
    policy = a_policy(disqualifier=(weapon, *rest))
    armed = a_call(narrative="camper has a knife on his belt")
    assert decided(armed, policy).verdict is Verdict.KEEP
    spared = decided(with_field(armed, "weapon_use", "irrelevant"), policy)
    assert spared.verdict is Verdict.OFFER
    assert any(
        reason.clause == "weapon" and "of no weight here" in reason.sentence for reason in spared.reasons
    )
    assert decided(with_field(armed, "weapon_use", "threatened"), policy).verdict is Verdict.KEEP


@pytest.mark.parametrize(
    ("narrative", "doubtful", "verdict"),
    [
        ("poss gun", "review", Verdict.REVIEW),
        ("poss gun", "", Verdict.KEEP),
        ("has a gun", "review", Verdict.KEEP),
    ],
)
def test_what_is_only_possible_may_be_left_to_a_person(
    narrative: str, doubtful: str, verdict: Verdict
) -> None:
    weapon = a_danger(Danger.WEAPON, words=("gun",), doubtful=doubtful)
    rest = tuple(
        a_danger(danger, questions=(danger.value,)) for danger in Danger if danger is not Danger.WEAPON
    )
    decision = decided(a_call(narrative=narrative), a_policy(disqualifier=(weapon, *rest)))
    assert decision.verdict is verdict
    assert decision.danger is (verdict is Verdict.KEEP)


@pytest.mark.parametrize(
    ("sign", "call"),
    [
        ({"cautions": frozenset({"violent"})}, replace(CALL, cautions=(Caution("VIOLENT"),))),
        ({"cautions": frozenset({"*"})}, replace(CALL, cautions=(Caution(""),))),
        ({"fields": {"color": frozenset({"red"})}}, with_field(CALL, "color", "RED")),
        ({"typed": frozenset({"/pd"})}, a_call(narrative="/PD needed")),
        ({"determinants": frozenset({"25-D-*"})}, a_call(determinant="25D3")),
        ({"priorities": frozenset({1})}, replace(CALL, priority=1)),
    ],
)
def test_a_danger_shows_in_codes_and_fields(sign: dict[str, object], call: Incident) -> None:
    dangers = tuple(a_danger(danger, questions=(danger.value,)) for danger in Danger)
    shown = replace(dangers[1], **sign)  # type: ignore[arg-type]
    decision = decided(call, a_policy(disqualifier=(dangers[0], shown, *dangers[2:])))
    assert decision.verdict is Verdict.KEEP
    assert decision.danger


def test_a_disqualifier_may_leave_the_call_to_a_person() -> None:
    dangers = tuple(a_danger(danger, questions=(danger.value,), makes=Verdict.REVIEW) for danger in Danger)
    decision = decided(a_call(answers={"weapon": YES}), a_policy(disqualifier=dangers))
    assert (decision.verdict, decision.danger) == (Verdict.REVIEW, False)


# --- Recategorising, places, policies side by side ------------------------------------------------


def test_a_lower_acuity_call_is_screened_as_the_type_it_should_have() -> None:
    clause = RecategoryClause(
        id=ClauseId("lower-800"),
        sentence="A lower-acuity 800 is a card 25.",
        call_types=frozenset({"800"}),
        as_determinant="25-A-1",
    )
    policy = a_policy(
        a_scope(call_types=frozenset(), determinants=frozenset({"25-A-*"})), recategory=(clause,)
    )
    decision = decided(a_call("800"), policy)
    assert (decision.verdict, decision.retype) == (Verdict.RECOMMEND, "25-A-1")
    assert "lower-800" in spoken(decision)
    assert decided(a_call("800B"), policy).verdict is Verdict.KEEP


def north_of(latitude: float) -> object:
    def holds(here: float, _: float, uncertainty_m: float) -> Answer:
        if abs(here - latitude) * 111_320 <= uncertainty_m:
            return UNKNOWN
        return YES if here >= latitude else NO

    return holds


def at(latitude: float | None, district: str = "", uncertainty_m: float | None = None) -> Incident:
    longitude = None if latitude is None else -96.8
    return replace(
        CALL,
        location=Location(
            district=district, latitude=latitude, longitude=longitude, uncertainty_m=uncertainty_m
        ),
    )


@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        (at(33.0), Verdict.OFFER),
        (at(32.0), Verdict.REVIEW),
        (at(32.5001, uncertainty_m=50), Verdict.REVIEW),
        (at(None), Verdict.REVIEW),
        (at(None, "N1"), Verdict.OFFER),
        (at(32.0, "N1"), Verdict.OFFER),
        (at(32.0, "S1"), Verdict.KEEP),
        (replace(CALL, location=None), Verdict.REVIEW),
    ],
)
def test_a_place_is_inside_by_its_code_or_by_its_point(call: Incident, verdict: Verdict) -> None:
    scope = a_scope(areas=frozenset({"north"}), districts=frozenset({"N1"}))
    policy = a_policy(scope, areas={"north": north_of(32.5)})
    assert decided(call, policy).verdict is verdict


def test_each_town_of_a_county_has_its_own_policy() -> None:
    town = a_policy(where=Where(districts=frozenset({"n1"})), name="north")
    other = a_policy(a_scope("OTHER"), where=Where(districts=frozenset({"S1"})), name="south")

    def of(call: Incident) -> tuple[Verdict, set[str], str]:
        decision = decide((town, other), call, DESTINATIONS, NOW)
        return decision.verdict, spoken(decision), decision.policy.name

    assert of(at(None, "N1"))[::2] == (Verdict.OFFER, "north")
    assert of(at(None, "S1"))[::2] == (Verdict.KEEP, "south")
    assert of(at(None, "W1"))[:2] == (Verdict.KEEP, {"place.outside"})
    assert of(at(None))[:2] == (Verdict.KEEP, {"place.unknown"})


# --- Words for the call taker ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wait", "says"),
    [(None, "The wait is not known."), (30.0, "less than a minute"), (300.0, "about 5 min")],
)
def test_the_call_taker_is_told_who_is_next_why_and_for_how_long(wait: float | None, says: str) -> None:
    doors = {LINE: replace(a_destination("line"), name="the crisis line", expected_wait=wait)}
    decision = decided(CALL, a_policy(), doors)
    assert decision.say.startswith("Next is the crisis line. This is crisis. ")
    assert says in decision.say
    own = decided(CALL, a_policy(a_scope(say="I stay with you.")), doors)
    assert own.say.startswith("I stay with you. ")


def test_the_call_taker_is_told_that_somebody_must_look_first() -> None:
    decision = decided(a_call(answers=UNASKED), a_policy())
    assert decision.verdict is Verdict.REVIEW
    assert decision.say.startswith("Stays with 911 until somebody has looked. Nobody has answered")


def test_the_call_taker_is_told_why_a_call_stays() -> None:
    decision = decided(a_call(answers={"violence": YES}), a_policy())
    assert decision.say == "Stays with 911. There is violence. (answered yes)"
    assert decided(a_call("ELSE"), a_policy()).say.startswith("Stays with 911. No clause")
