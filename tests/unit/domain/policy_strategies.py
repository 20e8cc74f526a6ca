"""Policies, destinations and calls of every shape, for properties that hold of all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import TypeVar

from domain_calls import AGENCY, NOW, QUESTIONS, a_call, a_destination
from hypothesis import strategies as st

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    Caller,
    Caution,
    Channel,
    CodedAnswer,
    Note,
    Unit,
    UnitStatus,
)
from bridge.domain.decision import Verdict
from bridge.domain.destination import Acceptance, Destination
from bridge.domain.hours import ALWAYS, Hours, Span
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import (
    AnswerClause,
    Danger,
    DisqualifierClause,
    LimitClause,
    RecategoryClause,
    ScopeClause,
    Shape,
)
from bridge.domain.when import ANYBODY, CallerRule, When

TYPES = ("CRISIS", "NOISE", "WELFARE", "TROUBLE", "800")
DETERMINANTS = ("25-A-1", "25-A-*", "25-*", "32-B-1")
PLACES = ("D1", "D2", "")
NAMES = tuple(map(DestinationId, ("line", "team", "mediation")))
SKILLS = ("medic", "mediation")
COLOURS = ("GREEN", "YELLOW", "RED")
WORDS = ("gun", "hitting people", "not breathing", "breaking in", "asks for the team", "crying")
NARRATIVES = (
    "",
    "calm",
    "no gun seen",
    "/TEAM asks for the team",
    "crying, poss gun",
    *WORDS,
    "not hitting people",
)

_Value = TypeVar("_Value")


def rarely(value: st.SearchStrategy[_Value], usual: _Value) -> st.SearchStrategy[_Value]:
    """The usual value, and one time in six another, so that most calls have a way to go."""
    return st.integers(0, 5).flatmap(lambda die: value if die == 5 else st.just(usual))


answer = st.sampled_from(sorted(Answer))
a_caller = st.builds(
    Caller,
    age=st.none() | st.integers(5, 90),
    first_party=answer,
    on_the_line=answer,
    consent=answer,
    wants_police=rarely(answer, Answer.NO),
)
an_unit = st.builds(
    Unit,
    unit_id=st.sampled_from(["A1", "B2"]),
    status=st.sampled_from(sorted(UnitStatus)),
    kind=st.sampled_from(["POLICE", "EMS", ""]),
)
some_answers = rarely(
    st.dictionaries(st.sampled_from(QUESTIONS), answer), dict.fromkeys(QUESTIONS, Answer.NO)
)


def some(values: Sequence[_Value], most: int = 2) -> st.SearchStrategy[frozenset[_Value]]:
    """A few of these, usually none."""
    return rarely(st.frozensets(st.sampled_from(values), min_size=1, max_size=most), frozenset())


@st.composite
def calls(draw: st.DrawFn) -> Incident:
    """An incident as it may stand at any moment."""
    given_answers = draw(some_answers)
    incident = a_call(
        draw(st.sampled_from([*TYPES, *TYPES[:3], "ELSE"])),
        caller=draw(a_caller),
        determinant=draw(rarely(st.sampled_from(["25A1", "25A1V", "32-B-1", "nonsense"]), "")),
    )
    coded = [CodedAnswer(question, said) for question, said in given_answers.items()]
    if colour := draw(st.sampled_from(["", *COLOURS])):
        coded.append(CodedAnswer("color", Answer.UNKNOWN, colour))
    place = incident.location
    assert place is not None
    return replace(
        incident,
        answers=tuple(coded),
        notes=tuple(
            Note(text, role=AuthorRole.CALL_TAKER)
            for text in draw(st.lists(st.sampled_from(NARRATIVES), max_size=3))
            if text
        ),
        location=replace(place, district=draw(st.sampled_from(PLACES))),
        channel=draw(st.sampled_from(sorted(Channel))),
        priority=draw(rarely(st.integers(1, 5), None)),
        units=tuple(draw(st.lists(an_unit, max_size=2, unique_by=lambda unit: unit.unit_id))),
        cautions=tuple(
            draw(rarely(st.lists(st.builds(Caution, st.sampled_from(["VIOLENT", "DOG"])), max_size=1), []))
        ),
        first_at=NOW - timedelta(minutes=draw(st.integers(0, 60))),
        closed=draw(rarely(st.just(True), False)),
    )


some_hours = st.sampled_from(
    [
        ALWAYS,
        ALWAYS,
        Hours("UTC", (Span(frozenset({1}), time(14), time(16)),)),
        Hours("UTC", (Span(frozenset({0}), time(8), time(9)),)),
        Hours(closed_on=frozenset({date(2025, 6, 3)})),
    ]
)
caller_rules = st.builds(
    CallerRule,
    min_age=st.none() | st.just(16),
    max_age=st.none() | st.just(70),
    consent=st.booleans(),
    first_party=st.booleans(),
)


@st.composite
def conditions(draw: st.DrawFn, *, types: bool, narrative: bool) -> dict[str, object]:
    """The keys of a `When`. Never about a standard question: that would be a disqualifier."""
    return {
        "call_types": draw(st.frozensets(st.sampled_from(TYPES), min_size=2) if types else some(TYPES)),
        "determinants": draw(some(DETERMINANTS)),
        "fields": draw(rarely(st.just({"color": frozenset(COLOURS[:2])}), {})),
        "typed": draw(some(["/TEAM"])),
        "words": draw(rarely(st.just(("asks for the team",)), ())) if narrative else (),
        "unless_words": draw(rarely(st.just(("crying",)), ())),
        "channels": draw(some(sorted(Channel)[:3], 3)),
        "priorities": draw(some([3, 4, 5], 3)),
        "cautions": draw(some(["DOG"])),
        "waiting_minutes": draw(rarely(st.just(15), None)),
        "hours": draw(rarely(some_hours, ALWAYS)),
        "districts": draw(some(PLACES[:2])),
        "caller": draw(rarely(caller_rules, ANYBODY)),
    }


def _named(kind: str, number: int) -> dict[str, object]:
    return {"id": ClauseId(f"{kind}-{number}"), "sentence": f"{kind} {number}."}


@st.composite
def scope(draw: st.DrawFn, number: int) -> ScopeClause:
    verdict = draw(st.sampled_from([Verdict.OFFER, Verdict.OFFER, Verdict.RECOMMEND, Verdict.REVIEW]))
    plain = draw(st.booleans())
    when = draw(conditions(types=True, narrative=verdict is not Verdict.OFFER))
    kept = {"call_types": when["call_types"]} if plain else when
    return ScopeClause(
        verdict=verdict,
        route=tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))),
        shape=draw(st.sampled_from([None, *Shape])),
        need=draw(st.sampled_from(["", "conflict"])),
        **(_named("scope", number) | kept),  # type: ignore[arg-type]
    )


@st.composite
def limit(draw: st.DrawFn, number: int) -> LimitClause:
    return LimitClause(
        destinations=draw(some(NAMES)),
        needs=draw(some(["conflict"])),
        never=draw(
            rarely(st.builds(lambda keys: When(**keys), conditions(types=True, narrative=True)), None)
        ),
        **(_named("limit", number) | draw(conditions(types=False, narrative=True))),  # type: ignore[arg-type]
    )


@st.composite
def disqualifier(draw: st.DrawFn, danger: Danger, scopes: list[ClauseId]) -> DisqualifierClause:
    return DisqualifierClause(
        id=ClauseId(danger.value),
        danger=danger,
        sentence=f"{danger.value}.",
        questions=(danger.value,),
        unanswered=draw(st.sampled_from(["", "review", "keep"])),
        makes=draw(rarely(st.sampled_from([Verdict.TANDEM, Verdict.REVIEW]), Verdict.KEEP)),
        tandem_for=draw(some(scopes)),
        destinations=draw(some(NAMES)),
        unless_skills=draw(some(SKILLS)),
        unless=draw(rarely(st.just(When(fields={"color": frozenset({"GREEN"})})), None)),
        words=draw(st.sampled_from([(), WORDS[:4]])),
        doubtful=draw(st.sampled_from(["", "review"])),
        determinant_suffixes=draw(some(["V"])),
        cautions=draw(some(["VIOLENT"])),
        priorities=draw(some([1, 2])),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy of any shape that could be loaded."""
    scopes = [draw(scope(number)) for number in range(draw(st.integers(1, 3)))]
    ids = [clause.id for clause in scopes]
    by_type = st.frozensets(st.sampled_from(TYPES), min_size=1)
    return Policy(
        agency=AGENCY,
        name="any",
        version="1",
        effective=NOW - timedelta(days=1),
        timezone="UTC",
        scope=tuple(scopes),
        disqualifier=tuple(draw(disqualifier(danger, ids)) for danger in Danger),
        limit=tuple(draw(limit(number)) for number in range(draw(rarely(st.integers(1, 2), 0)))),
        answer=tuple(
            AnswerClause(
                call_types=draw(by_type),
                gives={"medical": draw(st.sampled_from(["yes", "no"]))},
                **_named("answer", number),  # type: ignore[arg-type]
            )
            for number in range(draw(rarely(st.just(1), 0)))
        ),
        recategory=tuple(
            RecategoryClause(
                as_call_type="CRISIS",
                verdict=Verdict.RECOMMEND,
                call_types=frozenset({"800"}),
                **_named("recategory", number),  # type: ignore[arg-type]
            )
            for number in range(draw(rarely(st.just(1), 0)))
        ),
        shape=draw(st.sampled_from(sorted(Shape))),
    )


@st.composite
def destinations(draw: st.DrawFn) -> dict[DestinationId, Destination]:
    """Destinations of any skill, hours and acceptance; one may be missing."""
    known = {}
    for number, name in enumerate(NAMES[: draw(st.integers(2, 3))]):
        keys = draw(conditions(types=False, narrative=False))
        signed = {"signed_by": "somebody", "signed_on": date(2025, 1, 1)}
        clause = Acceptance(**(_named(f"accepts-{name}", number) | keys | signed))  # type: ignore[arg-type]
        known[name] = replace(
            a_destination(name, hours=draw(rarely(some_hours, ALWAYS))),
            skills=draw(some(SKILLS)),
            accepts=draw(rarely(st.just((clause,)), ())),
        )
    return known
