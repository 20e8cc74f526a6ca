"""How a danger shows, sign by sign, in the very words that are told, and what it makes of the call."""

from dataclasses import replace

import pytest
from domain_calls import DESTINATIONS, NOW, a_call, a_danger, a_policy, a_scope
from policy_calls import CALL, with_field

from bridge.domain.cad import Answer, Caller, Caution, CodedAnswer, Note, Unit, UnitStatus
from bridge.domain.decision import Reason, Verdict, Weight
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import ClauseId
from bridge.domain.incident import Incident
from bridge.domain.policy_clauses import AnswerClause, DisqualifierClause, ScopeClause
from bridge.domain.screening import weigh
from bridge.domain.when import When
from bridge.domain.words import Entry, Heard, Lexicon

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
WEAPON = ClauseId("weapon")
OFFICER = (Unit("u", UnitStatus.ON_SCENE, kind=" police "),)


def told(
    call: Incident, clause: DisqualifierClause, *scope: ScopeClause, **policy: object
) -> list[tuple[Weight, str]]:
    """What this danger says of the call, apart from its own sentence."""
    decision = weigh(call, a_policy(*scope, disqualifier=(clause,), **policy), DESTINATIONS, NOW).decision
    begin = "There is weapon. ("
    return [
        (reason.weight, reason.sentence.removeprefix(begin).removesuffix(")"))
        for reason in decision.reasons
        if reason.clause == WEAPON
    ]


def noted(*notes: str, **answers: Answer) -> Incident:
    return replace(a_call(answers=answers), notes=tuple(map(Note, notes)))


SIGNS: list[tuple[dict[str, object], Incident, Incident, str]] = [
    (
        {"questions": ("weapon",)},
        a_call(answers={"weapon": YES}),
        a_call(answers={"weapon": UNKNOWN}),
        "answered yes",
    ),
    ({"call_types": frozenset({"armed"})}, a_call("Armed"), CALL, "call type"),
    (
        {"determinants": frozenset({"25-D-*"})},
        a_call(determinant="25D1"),
        a_call(determinant="25A1"),
        "determinant",
    ),
    (
        {"determinant_suffixes": frozenset({"w", "e"})},
        a_call(determinant="25A1W"),
        a_call(determinant="25A1V"),
        "determinant's suffix",
    ),
    (
        {"determinant_suffixes": frozenset({"W", "E"})},
        a_call(determinant="25A1VE"),
        CALL,
        "determinant's suffix",
    ),
    ({"typed": frozenset({"/gun"})}, noted("/GUN, rp waits"), noted("/GUNS"), "typed code"),
    (
        {"fields": {"color": frozenset({"red"})}},
        with_field(CALL, "color", "Red"),
        with_field(CALL, "color", "GREEN"),
        "field color",
    ),
    ({"fields": {"color": frozenset({"red"})}}, with_field(CALL, "color", "Red"), CALL, "field color"),
    (
        {"cautions": frozenset({"gun"})},
        replace(CALL, cautions=(Caution("Gun"),)),
        replace(CALL, cautions=(Caution("DOG"),)),
        "caution note",
    ),
    ({"cautions": frozenset({"*"})}, replace(CALL, cautions=(Caution("DOG"),)), CALL, "caution note"),
    (
        {"dispositions": frozenset({"arr"})},
        replace(CALL, disposition=" Arr "),
        replace(CALL, disposition="GOA"),
        "disposition",
    ),
    ({"priorities": frozenset({1})}, replace(CALL, priority=1), replace(CALL, priority=2), "priority"),
    (
        {"priorities": frozenset({1})},
        replace(CALL, priority=1),
        a_call(caller=Caller(wants_police=YES)),
        "priority",
    ),
    ({"unit_kinds": frozenset({"police"})}, replace(CALL, units=OFFICER), CALL, "unit on scene"),
    (
        {"caller_wants_police": True},
        a_call(caller=Caller(wants_police=YES)),
        a_call(caller=Caller(wants_police=NO)),
        "caller asks for police",
    ),
    ({}, a_call(), a_call(caller=Caller(wants_police=YES)), ""),
    ({"words": ("gun",)}, noted("has a gun"), noted("rp waits"), 'narrative: "gun"'),
    ({"words": ("gun",)}, noted("poss gun"), noted("rp waits"), 'possibly in narrative: "gun"'),
]


@pytest.mark.parametrize(("rules", "shows", "shows_not", "sign"), SIGNS)
def test_a_danger_is_told_by_the_sign_that_showed_it_and_by_no_other(
    rules: dict[str, object], shows: Incident, shows_not: Incident, sign: str
) -> None:
    clause = a_danger(**rules)
    scope = a_scope(call_types=frozenset({"CRISIS", "ARMED"}))
    if sign:
        assert told(shows, clause, scope) == [(Weight.AGAINST, sign)]
    assert told(shows_not, clause, scope) == []


def test_all_signs_are_told_together() -> None:
    clause = a_danger(questions=("weapon",), words=("gun",), priorities=frozenset({1}))
    call = replace(noted("has a gun", weapon=YES), priority=1)
    assert told(call, clause) == [(Weight.AGAINST, 'answered yes; priority; narrative: "gun"')]


DEFINED = AnswerClause(
    id=ClauseId("type"), sentence="Of this type.", call_types=frozenset({"CRISIS"}), gives={"weapon": "no"}
)


@pytest.mark.parametrize(
    ("call", "policy", "said"),
    [
        (CALL, {}, ["answered no"]),
        (CALL, {"answer": (DEFINED,)}, ["answered no"]),
        (replace(CALL, answers=()), {"answer": (DEFINED,)}, ["answered no, by definition"]),
        (
            replace(CALL, answers=(), notes=(Note("1.He is calm. 2.He is not armed."), Note("3."))),
            {"printed_answers": True},
            ["answered no, printed"],
        ),
        (replace(CALL, answers=()), {}, []),
        (noted("no gun seen", weapon=UNKNOWN), {}, ['denied in narrative: "gun"']),
        (noted("no gun seen"), {}, ['answered no; denied in narrative: "gun"']),
    ],
)
def test_a_denial_is_told_by_who_denied_it(
    call: Incident, policy: dict[str, object], said: list[str]
) -> None:
    clause = a_danger(questions=("weapon",), words=("gun",))
    assert told(call, clause, **policy) == [(Weight.FOR, each) for each in said]


def test_what_the_narrative_denies_is_not_told_of_a_danger_that_shows() -> None:
    clause = a_danger(questions=("weapon",), words=("gun",))
    assert told(noted("no gun seen", weapon=YES), clause) == [(Weight.AGAINST, "answered yes")]


def test_what_is_over_is_neither_told_nor_denied() -> None:
    entry = Entry(
        "e", "urgent while it lasts", ("overdose",), {"weapon": Heard.FOUND}, fades=frozenset({"weapon"})
    )
    clause = a_danger(shared=True)
    lexicon = Lexicon((entry,))
    assert told(noted("overdose"), clause, lexicon=lexicon) == [(Weight.AGAINST, 'narrative: "overdose"')]
    assert told(noted("overdose last week"), clause, lexicon=lexicon) == []


# --- What a danger makes of the call -------------------------------------------------------------


def weighed(call: Incident, clause: DisqualifierClause, *scope: ScopeClause) -> tuple[Reason, Verdict]:
    """What the danger says against the call, and the most that it leaves."""
    weighing = weigh(call, a_policy(*scope, disqualifier=(clause,)), DESTINATIONS, NOW)
    return next((one.reason, one.most) for one in weighing.spoken if one.reason.clause == WEAPON)


@pytest.mark.parametrize(
    ("call", "doubtful", "most"),
    [
        (noted("poss gun"), "review", Verdict.REVIEW),
        (noted("poss gun", weapon=YES), "review", Verdict.KEEP),
        (noted("gun"), "review", Verdict.KEEP),
        (noted("poss gun"), "", Verdict.KEEP),
        (noted("", weapon=YES), "review", Verdict.KEEP),
    ],
)
def test_only_what_rests_on_doubt_alone_is_left_to_a_person(
    call: Incident, doubtful: str, most: Verdict
) -> None:
    reason, found = weighed(call, a_danger(questions=("weapon",), words=("gun",), doubtful=doubtful))
    assert (reason.weight, found) == (Weight.AGAINST, most)
    assert reason.disqualifies is (most is not Verdict.REVIEW)


def test_a_danger_that_is_of_no_weight_speaks_for_the_call() -> None:
    spares = When(priorities=frozenset({4}))
    clause = a_danger(questions=("weapon",), unless=spares)
    call = replace(a_call(answers={"weapon": YES}), priority=4)
    reason, most = weighed(call, clause)
    assert (reason.weight, reason.disqualifies, most) == (Weight.FOR, False, Verdict.OFFER)
    assert reason.sentence == "There is weapon. (answered yes; of no weight here)"
    unknown = weighed(replace(call, priority=None), clause)
    assert (unknown[0].weight, unknown[1]) == (Weight.AGAINST, Verdict.KEEP)


def test_a_danger_is_tandem_only_for_calls_that_some_scope_admits() -> None:
    clause = a_danger(questions=("weapon",), tandem_for=frozenset({ClauseId("crisis")}))
    armed = a_call(answers={"weapon": YES})
    assert weighed(armed, clause)[1] is Verdict.TANDEM
    shut = a_scope(hours=Hours("UTC", (Span(frozenset({6}), NOW.time(), NOW.time()),)))
    assert weighed(armed, clause, shut)[1] is Verdict.KEEP


@pytest.mark.parametrize(("unanswered", "most"), [("review", Verdict.REVIEW), ("keep", Verdict.KEEP)])
def test_a_question_left_open_is_told_under_its_first_name(unanswered: str, most: Verdict) -> None:
    clause = a_danger(questions=("q1", "q2"), unanswered=unanswered)
    weighing = weigh(
        replace(CALL, answers=(CodedAnswer("q2", UNKNOWN),)),
        a_policy(disqualifier=(clause,)),
        DESTINATIONS,
        NOW,
    )
    missing = [one for one in weighing.spoken if one.reason.clause.startswith("answer.missing.")]
    assert [(one.reason.clause, one.reason.weight, one.most) for one in missing] == [
        ("answer.missing.q1", Weight.OPEN, most)
    ]
