"""What screening makes of the reasons: tandem, scope and its conditions, route, kind, versions."""

from dataclasses import replace
from datetime import time, timedelta

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

from bridge.domain.cad import Answer, Caller, CallType, Note
from bridge.domain.decision import Decision, TransferKind, Verdict, Weight
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy, in_force
from bridge.domain.policy_clauses import KindRule
from bridge.domain.screening import screen
from bridge.domain.when import CallerRule

CLOSED_NOW = Hours("UTC", (Span(frozenset({0}), time(8), time(9)),))
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def screened(incident: Incident, policy: Policy | None = None) -> Decision:
    return screen(incident, policy or a_policy(), DESTINATIONS, NOW)


def spoken(decision: Decision, weight: Weight | None = None) -> set[str]:
    return {reason.clause for reason in decision.reasons if weight in (None, reason.weight)}


# --- Tandem --------------------------------------------------------------------------------------


def test_tandem_holds_only_where_every_admitting_clause_agrees() -> None:
    both = a_policy(a_scope(), a_scope("other", call_types=frozenset({"CRISIS"})))
    assert screened(a_call(answers={"weapon": YES})).verdict is Verdict.TANDEM
    assert screened(a_call(answers={"weapon": YES}), both).verdict is Verdict.KEEP


def test_tandem_names_who_goes_and_needs_somebody_who_can() -> None:
    assert screened(a_call(answers={"weapon": YES})).route == (LINE,)
    nobody = screen(a_call(answers={"weapon": YES}), a_policy(), {}, NOW)
    assert nobody.verdict is Verdict.KEEP
    assert {"weapon", "destination.none_open"} <= spoken(nobody)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"weapon": YES, "medical": UNKNOWN}, Verdict.REVIEW),
        ({"weapon": YES, "medical": YES}, Verdict.KEEP),
    ],
)
def test_tandem_gives_way_to_doubt_and_to_a_danger_that_keeps(
    answers: dict[str, Answer], verdict: Verdict
) -> None:
    decision = screened(a_call(answers=answers))
    assert decision.verdict is verdict
    assert decision.danger


def test_a_clause_can_make_everything_tandem() -> None:
    policy = a_policy(disqualifier=(a_danger(questions=("weapon",), makes=Verdict.TANDEM),))
    assert screened(a_call(answers={"weapon": YES}), policy).verdict is Verdict.TANDEM


# --- Scope ---------------------------------------------------------------------------------------


def test_of_several_clauses_the_most_cautious_counts_and_routes_follow_each_other() -> None:
    policy = a_policy(
        a_scope("a", call_types=frozenset({"crisis"}), route=(DESK,)),
        a_scope("b", Verdict.RECOMMEND, call_types=frozenset({"crisis"}), route=(LINE, DESK)),
    )
    decision = screened(a_call(), policy)
    assert decision.verdict is Verdict.RECOMMEND
    assert decision.route == (DESK, LINE)
    assert {"a", "b"} <= spoken(decision, Weight.FOR)


@pytest.mark.parametrize(
    ("rules", "call", "clause", "verdict"),
    [
        ({"hours": CLOSED_NOW}, a_call(), "hours.closed", Verdict.KEEP),
        ({"districts": frozenset({"D9"})}, a_call(), "district.outside", Verdict.KEEP),
        ({"districts": frozenset({"d1"})}, a_call(), None, Verdict.OFFER),
        ({"caller": CallerRule(min_age=18)}, a_call(), "caller.age_unknown", Verdict.REVIEW),
        (
            {"caller": CallerRule(min_age=18)},
            a_call(caller=Caller(age=17)),
            "caller.age_outside",
            Verdict.KEEP,
        ),
        (
            {"caller": CallerRule(max_age=17)},
            a_call(caller=Caller(age=18)),
            "caller.age_outside",
            Verdict.KEEP,
        ),
        ({"caller": CallerRule(18, 18)}, a_call(caller=Caller(age=18)), None, Verdict.OFFER),
        ({"caller": CallerRule(consent=True)}, a_call(), "caller.consent_unknown", Verdict.REVIEW),
        (
            {"caller": CallerRule(consent=True)},
            a_call(caller=Caller(consent=NO)),
            "caller.consent_refused",
            Verdict.KEEP,
        ),
        ({"caller": CallerRule(first_party=True)}, a_call(), "caller.party_unknown", Verdict.REVIEW),
        (
            {"caller": CallerRule(first_party=True)},
            a_call(caller=Caller(first_party=NO)),
            "caller.not_first_party",
            Verdict.KEEP,
        ),
        ({"caller": CallerRule(consent=True)}, a_call(caller=Caller(consent=YES)), None, Verdict.OFFER),
    ],
)
def test_a_clause_has_conditions(
    rules: dict[str, object], call: Incident, clause: str | None, verdict: Verdict
) -> None:
    decision = screened(call, a_policy(a_scope(**rules)))
    assert decision.verdict is verdict
    assert clause is None or clause in spoken(decision)
    assert "destination.none_open" not in spoken(decision), "the condition is why, not the destinations"


def test_a_district_nobody_knows_goes_to_a_person() -> None:
    call = replace(a_call(), location=None)
    decision = screened(call, a_policy(a_scope(districts=frozenset({"D1"}))))
    assert decision.verdict is Verdict.REVIEW
    assert "district.unknown" in spoken(decision)


def test_a_clause_that_is_closed_does_not_hold_back_one_that_is_open() -> None:
    policy = a_policy(
        a_scope("day", call_types=frozenset({"crisis"}), hours=CLOSED_NOW, route=(DESK,)),
        a_scope("night", call_types=frozenset({"crisis"})),
    )
    decision = screened(a_call(), policy)
    assert (decision.verdict, decision.route) == (Verdict.OFFER, (LINE,))
    assert "hours.closed" in spoken(decision, Weight.AGAINST)


@pytest.mark.parametrize("pattern", ["25-A-1", "25-A-*", "25-*"])
@pytest.mark.parametrize("written", ["25A1", "25A01", "25-A-1", "25a1"])
def test_a_determinant_is_read_however_it_is_written(pattern: str, written: str) -> None:
    policy = a_policy(a_scope("card", call_types=frozenset(), determinants=frozenset({pattern})))
    assert screened(a_call("?", determinant=written), policy).verdict is Verdict.OFFER
    assert screened(a_call("?", determinant="26A1"), policy).verdict is Verdict.KEEP


@pytest.mark.parametrize("written", ["25A1Z", "25-A-1-V", "twenty-five"])
def test_a_determinant_or_suffix_that_nobody_knows_goes_to_a_person(written: str) -> None:
    decision = screened(a_call(determinant=written))
    assert decision.verdict is Verdict.REVIEW
    assert "determinant.unreadable" in spoken(decision)


# --- Route and kind ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caller", "kind"),
    [
        (Caller(), TransferKind.DATA),
        (Caller(on_the_line=YES), TransferKind.VOICE),
        (Caller(on_the_line=YES, first_party=NO), TransferKind.VOICE),
        (Caller(first_party=YES), TransferKind.VOICE),
        (Caller(first_party=YES, on_the_line=NO), TransferKind.DATA),
        (Caller(first_party=NO), TransferKind.DATA),
    ],
)
def test_a_transfer_is_voice_when_a_caller_is_there(caller: Caller, kind: TransferKind) -> None:
    assert screened(a_call(caller=caller)).kind is kind
    fixed = screened(a_call(caller=caller), a_policy(a_scope(kind=KindRule.DATA)))
    assert fixed.kind is TransferKind.DATA


def test_a_route_leaves_out_who_is_closed_or_cannot_take_it() -> None:
    destinations = {
        DestinationId("shut"): a_destination("shut", hours=CLOSED_NOW),
        DestinationId("deaf"): a_destination("deaf", frozenset({TransferKind.DATA})),
        DestinationId("there"): a_destination("there"),
    }
    route = tuple(DestinationId(name) for name in ("shut", "nobody", "deaf", "there"))
    policy = a_policy(a_scope(route=route))
    voice = screen(a_call(caller=Caller(on_the_line=YES)), policy, destinations, NOW)
    assert voice.route == (DestinationId("there"),)
    del destinations[DestinationId("there")]
    data = screen(a_call(), policy, destinations, NOW)
    assert data.route == (DestinationId("deaf"),)
    none = screen(a_call(caller=Caller(on_the_line=YES)), policy, destinations, NOW)
    assert (none.verdict, none.route) == (Verdict.KEEP, ())
    assert "destination.none_open" in spoken(none, Weight.AGAINST)


def test_a_review_needs_no_route() -> None:
    policy = a_policy(a_scope(verdict=Verdict.REVIEW, route=()))
    assert screened(a_call(), policy).verdict is Verdict.REVIEW


# --- Versions ------------------------------------------------------------------------------------


def test_the_policy_in_force_is_the_latest_that_has_begun() -> None:
    old, new = a_policy(version="1", effective=NOW - timedelta(days=9)), a_policy(version="2", effective=NOW)
    assert in_force([new, old], NOW) == (new,)
    assert in_force([old, new], NOW - timedelta(seconds=1)) == (old,)
    assert in_force([new], NOW - timedelta(seconds=1)) == ()
    assert in_force([], NOW) == ()


def test_codes_compare_without_case_and_spaces() -> None:
    call = a_call(" crisis ")
    assert call.call_type == CallType(" crisis ")
    assert screened(call, a_policy(a_scope(call_types=frozenset({"Crisis"})))).verdict is Verdict.OFFER


def test_later_notes_are_read_like_the_first() -> None:
    call = a_call(narrative="calm")
    grown = replace(call, notes=(*call.notes, Note("he is hitting people")))
    assert screened(call).verdict is Verdict.OFFER
    assert screened(grown).verdict is Verdict.KEEP


def test_an_id_of_a_clause_is_what_the_policy_calls_it() -> None:
    policy = a_policy(disqualifier=(a_danger(words=("gun",)),))
    reasons = screened(a_call(narrative="gun"), policy).reasons
    assert ClauseId("weapon") in {reason.clause for reason in reasons if reason.disqualifies}
