"""Names of call types: none that says a weapon, violence or a serious crime lets a call go by itself.

The names are real ones (tests/data/vera, five cities). What a name says is judged here by a list of words of
its own, not by the shared word lists that the policies hear. Run with -s to see the coverage.
"""

import csv
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bridge.domain.cad import Answer, Caller, CallType, Channel, CodedAnswer, Note
from bridge.domain.decision import Verdict
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId, IncidentId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import ScopeClause
from bridge.domain.screening import screen
from bridge.domain.words import Lexicon
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policy
from bridge.settings.words import load_words

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
VERA = ROOT / "tests" / "data" / "vera" / "call_types.csv"
SHIPPED = [
    *sorted((DEPLOY / "policies").glob("*.toml")),
    *sorted((DEPLOY / "policies" / "programs").glob("*.toml")),
    *sorted((DEPLOY / "demo" / "policies").glob("*.toml")),
]
DESTINATIONS = [
    DEPLOY / "destinations",
    DEPLOY / "policies" / "programs" / "destinations",
    DEPLOY / "demo" / "destinations",
]
AT = datetime(2030, 3, 6, 17, 30, tzinfo=UTC)
"""A Wednesday, about noon all over the continent, when every shipped version is in force."""

QUESTIONS = ("weapon", "violence", "medical", "police_only")
ADMITS = {Verdict.OFFER, Verdict.RECOMMEND}

WEAPON = (
    r"we?a?pn\w*|weap\w*|wp|\w*guns?|\w*gunshots?|firearms?|kni(?:fe|ves)|knuckles|shots?|shoot\w*"
    r"|shotspotter|stab\w*|\w*bomb\w*|explosi\w*|ordnan\w*|armed"
)
VIOLENCE = (
    r"ass?ault\w*|aslt\w*|battery|fight\w*|violen\w*|violnt|assailant|physical\w*|dv|domestic|dom|threats?"
    r"|thrts|terror\w*|abuse[ds]?|cruel\w*|torture|deadly|officer down|life in danger|imminent danger"
)
SERIOUS = (
    r"rape\w*|sexual\w*|molest\w*|carnal|homicide|\w*murder|manslaughter|\w*kidn\w*|abduct\w*|abd\w*tion"
    r"|hostage\w*|robbery|robbed|car ?jack\w*|purse snatch\w*|stalking|extort\w*|trafficking|arson|firebomb"
    r"|home inva\w*|pursuit|eluding|evading|fleeing|escape|lur(?:e|ing)|felon\w*"
)
SAYS_SO = re.compile(rf"(?<![a-z0-9])(?:{WEAPON}|{VIOLENCE}|{SERIOUS})(?![a-z])", re.IGNORECASE)

SAYS_OTHERWISE = re.compile(
    r"NON-RAPE\) - (?:LEWD|FAILURE)|MENTAL NOT VIOLENT|\(NON DV\)|CARD ABUSE|PHYSICAL EVID|NO-PURSUIT",
    re.IGNORECASE,
)
"""Names that hold such a word and deny it, or mean something else by it."""

CARDS = frozenset({4, 27, 101, 106, 108, 109, 126, 135, 136})
"""Cards of scripted protocols for assault, wounds by weapons, abduction, bombs, robbery and weapons."""


@dataclass(frozen=True, slots=True)
class Named:
    """One city's type: how many calls it had, and the topic that others gave it."""

    city: str
    name: str
    count: int
    category: str

    @property
    def says_so(self) -> bool:
        return bool(SAYS_SO.search(self.name)) and not SAYS_OTHERWISE.search(self.name)


@cache
def vera() -> tuple[Named, ...]:
    with VERA.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Named(row["city"], row["type"], int(row["count"]), row["category"].strip())
            for row in csv.DictReader(rows)
        )


@cache
def names_that_say_so() -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in vera() if one.says_so))


@cache
def lexicon() -> Lexicon:
    return load_words(DEPLOY / "words")


@cache
def destinations() -> Mapping[DestinationId, Destination]:
    return {name: one for folder in DESTINATIONS for name, one in load_destinations(folder).items()}


@cache
def policy_of(path: Path) -> Policy:
    return load_policy(path, destinations(), lexicon())


def a_call(policy: Policy, code: str, name: str, answer: Answer) -> Incident:
    """A call of this type, without a word of narrative."""
    answers = tuple(CodedAnswer(question, answer) for question in QUESTIONS) if answer is Answer.NO else ()
    return Incident(IncidentId("i"), policy.agency, call_type=CallType(code, name), answers=answers)


def code_in(name: str) -> str:
    """What stands before the words of a name ("6X - MAJOR DIST", "129C_Suspicious"), else all of it."""
    return re.split(r" ?- |_", name, maxsplit=1)[0].strip() or name


def admitting(policy: Policy, name: str) -> Iterator[str]:
    """How this policy lets a call of this name go."""
    for answer in (Answer.UNKNOWN, Answer.NO):
        decision = screen(a_call(policy, code_in(name), name, answer), policy, destinations(), AT)
        if decision.verdict in ADMITS:
            yield f"{name!r} as {code_in(name)!r}, answers {answer}: {decision.verdict}"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_shipped_policy_lets_a_call_go_whose_type_names_a_weapon_violence_or_a_serious_crime(
    path: Path,
) -> None:
    policy = policy_of(path)
    assert [how for name in names_that_say_so() for how in admitting(policy, name)] == []


def marking(policy: Policy) -> Iterator[ScopeClause]:
    """The clauses that let calls of any type go, because somebody marked them."""
    return (
        one for one in policy.scope if one.any_call_type and one.verdict in ADMITS and not one.by_narrative
    )


def a_marked_call(policy: Policy, clause: ScopeClause, name: str) -> Incident:
    """A call of this type that has everything the clause asks for, and four noes."""
    said = [CodedAnswer(field, Answer.UNKNOWN, min(codes)) for field, codes in clause.fields.items()]
    said += [CodedAnswer(question, Answer(given.upper())) for question, given in clause.answers.items()]
    call = a_call(policy, code_in(name), name, Answer.NO)
    return replace(
        call,
        answers=(*call.answers, *said),
        notes=tuple(Note(code) for code in clause.typed),
        channel=min(clause.channels, default=Channel.UNKNOWN),
        caller=Caller(first_party=Answer.YES, on_the_line=Answer.YES, age=30, consent=Answer.YES),
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nor_a_call_of_such_a_type_that_somebody_marked_for_the_program(path: Path) -> None:
    policy = policy_of(path)
    let_go = [
        (clause.id, name)
        for clause in marking(policy)
        for name in names_that_say_so()
        if screen(a_marked_call(policy, clause, name), policy, destinations(), AT).verdict in ADMITS
    ]
    assert let_go == []


def test_a_marked_call_of_a_harmless_type_goes() -> None:
    verdicts = [
        screen(a_marked_call(policy, clause, "ASSIST CITIZEN"), policy, destinations(), AT).verdict
        for policy in map(policy_of, SHIPPED)
        for clause in marking(policy)
    ]
    assert sum(verdict in ADMITS for verdict in verdicts) > len(verdicts) / 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_shipped_policy_lists_such_a_name_or_card_of_its_own(path: Path) -> None:
    policy = policy_of(path)
    listed = {
        name
        for clause in policy.scope
        if clause.verdict in ADMITS
        for name in (*clause.call_types, *clause.determinants)
    } | {name for clause in policy.recategory for name in (clause.as_call_type, clause.as_determinant)}
    assert {name for name in listed if SAYS_SO.search(name)} == set()
    assert {name for name in listed if _card_of(name) in CARDS} == set()


def _card_of(name: str) -> int | None:
    found = re.match(r"(\d{1,3})-[A-EO*]", name)
    return int(found[1]) if found else None


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """A policy that offers every type of every city by default: only the four dangers hold anything back."""
    base = DEPLOY / "policies" / "bases" / "four-dangers.toml"
    path = tmp_path_factory.mktemp("vera") / "everything.toml"
    path.write_text(
        f"""
        extends = {json.dumps(os.path.relpath(base, path.parent))}
        agency = "911.test.example"
        name = "everything"
        version = "1"
        effective = 2025-01-01T00:00:00Z
        timezone = "UTC"
        shape = "default-types"
        [[scope]]
        id = "everything"
        sentence = "Every type there is."
        verdict = "offer"
        call_types = {json.dumps(sorted({one.name for one in vera()}))}
        route = ["crisis-line"]
        """,
        encoding="utf-8",
    )
    return load_policy(path, destinations(), lexicon())


def held_back(policy: Policy) -> Mapping[str, bool]:
    """Of each name, whether the type's own words keep it, or have it reviewed, answers or not."""
    names = {one.name for one in vera()}
    return {
        name: all(
            screen(a_call(policy, name, name, answer), policy, destinations(), AT).verdict not in ADMITS
            for answer in (Answer.UNKNOWN, Answer.NO)
        )
        for name in names
    }


def test_the_four_dangers_alone_hold_back_every_name_that_says_so(everything: Policy) -> None:
    held = held_back(everything)
    assert {one.name for one in vera() if one.says_so and not held[one.name]} == set()


VIOLENT = {"Violent Crime", "Domestic Violence"}
"""Categories of the table in which a type is violent whatever its name says."""


def test_what_is_violent_without_saying_so_is_held_back_but_for_a_little(everything: Policy) -> None:
    held = held_back(everything)
    by_city: dict[str, Counter[str]] = defaultdict(Counter)
    missed: Counter[str] = Counter()
    for one in vera():
        for kind in kinds_of(one):
            by_city[one.city][kind] += one.count
            by_city[one.city][f"{kind}, held back"] += one.count * held[one.name]
        if one.category in VIOLENT and not held[one.name]:
            missed[one.name] += one.count
    by_city["all cities"] = sum(by_city.values(), Counter[str]())
    print("\nshare of calls that the type's name alone holds back")
    for city, counts in by_city.items():
        shares = [f"{kind} {held_share(counts, kind):.4f}" for kind in ("says so", "violent by topic", "any")]
        print(f"  {city:12} {', '.join(shares)}")
    print("  violent by topic and not held back, most calls first:")
    print("".join(f"    {count:6} {name}\n" for name, count in missed.most_common(12)))
    assert held_share(by_city["all cities"], "violent by topic") > 0.95


def kinds_of(one: Named) -> Iterator[str]:
    """What is counted of a type."""
    yield "any"
    if one.says_so:
        yield "says so"
    if one.category in VIOLENT:
        yield "violent by topic"


def held_share(counts: Mapping[str, int], kind: str) -> float:
    return counts[f"{kind}, held back"] / counts[kind]


def test_the_table_is_whole() -> None:
    assert len(vera()) == 3227
    assert len({one.city for one in vera()}) == 5
    assert "MIT License" in (VERA.parent / "LICENSE.md").read_text(encoding="utf-8")
