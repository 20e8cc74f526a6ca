"""Each thing a policy can say, and what it makes of a call: the conditions, the limits, the destinations."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from domain_calls import (
    DESK,
    DESTINATIONS,
    LINE,
    NOW,
    QUESTIONS,
    a_call,
    a_danger,
    a_destination,
    a_policy,
    a_scope,
)

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    Caller,
    Caution,
    Channel,
    CodedAnswer,
    Location,
    Note,
    Unit,
    UnitStatus,
)
from bridge.domain.choosing import decide
from bridge.domain.decision import Decision, Verdict
from bridge.domain.destination import Acceptance, Destination
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy, Where
from bridge.domain.policy_clauses import (
    AnswerClause,
    Danger,
    DisqualifierClause,
    LimitClause,
    RecategoryClause,
    Shape,
)
from bridge.domain.screening import screen
from bridge.domain.when import CallerRule, When

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
UNASKED = dict.fromkeys(QUESTIONS, UNKNOWN)


def with_field(call: Incident, name: str, code: str) -> Incident:
    return replace(call, answers=(*call.answers, CodedAnswer(name, UNKNOWN, code)))


def decided(
    call: Incident, policy: Policy, doors: dict[DestinationId, Destination] | None = None
) -> Decision:
    return screen(call, policy, doors or DESTINATIONS, NOW)


def spoken(decision: Decision) -> set[str]:
    return {reason.clause for reason in decision.reasons}


def a_limit(**rules: object) -> LimitClause:
    given: dict[str, object] = {"id": ClauseId("limit"), "sentence": "A limit."}
    return LimitClause(**(given | rules))  # type: ignore[arg-type]


# --- Conditions that choose calls ----------------------------------------------------------------

CALL = a_call()
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


# --- Shapes --------------------------------------------------------------------------------------


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


# --- Answers that nobody had to ask --------------------------------------------------------------

DEFINED = AnswerClause(
    id=ClauseId("card-25"),
    sentence="25-A-2 has no weapon and no violence in it.",
    determinants=frozenset({"25-A-2"}),
    gives={"weapon": "no", "violence": "no"},
)
TWO_OPEN = dict.fromkeys(("weapon", "violence"), UNKNOWN)


def of_determinant(determinant: str, *noes: str, **yes: Answer) -> Incident:
    call = a_call("", determinant=determinant, narrative="calm")
    return replace(
        call,
        answers=tuple(CodedAnswer(name, NO) for name in noes)
        + tuple(CodedAnswer(name, said) for name, said in yes.items()),
    )


@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        (of_determinant("25A2", "medical", "police_only"), Verdict.OFFER),
        (of_determinant("25A1", "medical", "police_only"), Verdict.REVIEW),
        (of_determinant("25A2", "medical"), Verdict.REVIEW),
        (of_determinant("25A2V", "medical", "police_only"), Verdict.KEEP),
        (of_determinant("25A2", "medical", "police_only", weapon=UNKNOWN), Verdict.REVIEW),
        (of_determinant("25A2", "medical", "police_only", violence=YES), Verdict.KEEP),
    ],
)
def test_a_determinant_answers_by_definition_what_nobody_asked_and_overrules_nobody(
    call: Incident, verdict: Verdict
) -> None:
    dangers = tuple(
        a_danger(
            danger, questions=(danger.value,), unanswered="review", determinant_suffixes=frozenset({"V"})
        )
        for danger in Danger
    )
    scope = a_scope(call_types=frozenset(), determinants=frozenset({"25-A-*"}))
    decision = decided(call, a_policy(scope, disqualifier=dangers, answer=(DEFINED,)))
    assert decision.verdict is verdict


def test_an_answer_by_definition_is_told_as_one() -> None:
    scope = a_scope(call_types=frozenset(), determinants=frozenset({"25-A-*"}))
    dangers = tuple(a_danger(danger, questions=(danger.value,)) for danger in Danger)
    decision = decided(of_determinant("25A2"), a_policy(scope, disqualifier=dangers, answer=(DEFINED,)))
    said = {reason.clause: reason.sentence for reason in decision.reasons}
    assert "answered no, by definition" in said[ClauseId("weapon")]
    assert "card-25" in said


PRINTED = "1.She is not violent. 2.She does not have a weapon. 3.She is not injured. 4.Unknown."


def test_answers_printed_by_a_scripted_protocol_count_where_the_policy_lets_them() -> None:
    call = a_call(answers=TWO_OPEN, narrative=PRINTED)
    unasked = replace(call, answers=(CodedAnswer("police_only", NO),))
    assert decided(unasked, a_policy(printed_answers=True)).verdict is Verdict.OFFER
    assert decided(unasked, a_policy()).verdict is Verdict.REVIEW
    assert decided(call, a_policy(printed_answers=True)).verdict is Verdict.REVIEW, "UNKNOWN was coded"


# --- Limits --------------------------------------------------------------------------------------

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


# --- Who would go --------------------------------------------------------------------------------

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
    full = screen(CALL, a_policy(BOTH), DOORS, NOW, full={LINE})
    assert (full.route, "destination.full.line" in spoken(full)) == ((DESK,), True)
    nobody = screen(CALL, a_policy(BOTH), DOORS, NOW, full={LINE, DESK})
    assert nobody.verdict is Verdict.KEEP
    assert {"destination.full.line", "destination.full.desk", "destination.none_open"} <= spoken(nobody)


def test_who_is_ruled_out_by_a_danger_is_not_said_to_be_closed() -> None:
    policy = a_policy(disqualifier=with_medical(destinations=frozenset({LINE})))
    assert "destination.none_open" not in spoken(decided(a_call(answers={"medical": YES}), policy))


# --- Dangers that are spared, doubted, or shown by something else --------------------------------


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


# --- Recategorising, places, policies side by side -----------------------------------------------


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


# --- Words for the call taker --------------------------------------------------------------------


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


def test_the_call_taker_is_told_why_a_call_stays() -> None:
    decision = decided(a_call(answers={"violence": YES}), a_policy())
    assert decision.say == "Stays with 911. There is violence. (answered yes)"
    assert decided(a_call("ELSE"), a_policy()).say.startswith("Stays with 911. No clause")
