"""The programs of the field as policy files: all are there, each says what it is, and decides as it shows."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from bridge.cli.policy_test import Tried, decisions, try_calls
from bridge.domain.clauses import CALLER_WANTS_POLICE
from bridge.domain.decision import Verdict, Weight
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Danger
from bridge.domain.words import Lexicon
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policies, load_policy
from bridge.settings.words import load_words
from bridge.settings.worked_calls import Worked, load_worked_calls

DEPLOY = Path(__file__).parents[3] / "deploy"
FOLDER = DEPLOY / "policies" / "programs"
PROGRAMS = sorted(FOLDER.glob("*.toml"))
CALLS = sorted((FOLDER / "calls").glob("*.toml"))

FIELD = (
    *("denver", "eugene", "olympia", "chicago", "cincinnati", "durham", "albuquerque", "dayton"),
    *("st-petersburg", "san-francisco", "austin", "louisville", "houston", "st-louis", "atlanta", "toronto"),
    *("baltimore", "san-diego", "brooklyn-park", "phoenix", "los-angeles", "minneapolis", "raleigh"),
)
"""The live programs, by the place that a file's name begins with."""

MODELS = ("911 call center-led", "embedded professional-led", "external hotline-led")
HEADING = "# MODELLED ON PUBLIC DESCRIPTIONS, NOT THE AGENC"
ADMITS = {Verdict.OFFER, Verdict.RECOMMEND}

UNHEARD = {"medical.suicidal", "harmless.threat-to-self", "california.mental-hold", "california.police"}
"""Entries of the shared word lists that a policy may leave out: what it is for, codes of another state."""
LISTED_BY_ITSELF = {"eugene-cahoots": {"weapon.blade", "weapon.scissors"}}
"""Entries that a policy leaves out because it lists their words itself, but for some."""


@cache
def lexicon() -> Lexicon:
    return load_words(DEPLOY / "words")


@cache
def destinations() -> Mapping[DestinationId, Destination]:
    return load_destinations(FOLDER / "destinations")


@cache
def policy_of(path: Path) -> Policy:
    return load_policy(path, destinations(), lexicon())


@cache
def worked_of(path: Path) -> Worked:
    return load_worked_calls(path)


@cache
def tried(path: Path) -> Tried:
    return try_calls(worked_of(path), lexicon())


def trials_of(program: Path) -> list[Path]:
    """The files of worked calls that try this program."""
    return [
        path for path in CALLS if program.resolve() in {one.resolve() for one in worked_of(path).policies}
    ]


def test_every_live_program_of_the_field_is_there() -> None:
    assert len(FIELD) == 23
    assert [place for place in FIELD if not any(path.stem.startswith(place) for path in PROGRAMS)] == []


def test_the_folder_loads_as_one_and_every_destination_is_somebodys() -> None:
    policies = [
        one for versions in load_policies(FOLDER, destinations(), lexicon()).values() for one in versions
    ]
    routed = {name for policy in policies for clause in policy.scope for name in clause.route}
    assert set(destinations()) == routed
    assert {one.agency.endswith(".example") for one in policies} == {True}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_says_what_it_is_and_where_that_is_public(program: Path) -> None:
    text = program.read_text(encoding="utf-8")
    about = policy_of(program).about
    assert text.startswith(HEADING)
    assert about.program
    assert about.shows
    assert any(model in about.model for model in MODELS)
    assert about.sources
    assert all(source.startswith(("https://", "http://")) for source in about.sources)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_has_at_least_twelve_worked_calls_that_are_decided_as_expected(program: Path) -> None:
    trials = trials_of(program)
    assert sum(tried(path).calls for path in trials) >= 12
    for path in trials:
        assert list(tried(path).differences) == []
        assert list(tried(path).silent) == []


def test_no_file_of_worked_calls_is_forgotten() -> None:
    assert set(CALLS) == {path for program in PROGRAMS for path in trials_of(program)}


@pytest.mark.parametrize("calls", CALLS, ids=lambda path: path.stem)
def test_worked_calls_show_each_danger_a_change_and_a_caller_who_asks_for_police(calls: Path) -> None:
    worked = worked_of(calls)
    policies = [policy_of(path) for path in worked.policies]
    made = [list(decisions(call, at, policies, destinations())) for at, call in enumerate(worked.calls, 1)]
    verdicts = [[decision.verdict for decision in each] for each in made]
    against = {
        str(reason.clause)
        for each in made
        for decision in each
        for reason in decision.reasons
        if reason.weight is Weight.AGAINST
    }
    clauses = [clause for policy in policies for clause in policy.disqualifier]
    assert any(verdict is Verdict.KEEP for each in verdicts for verdict in each)
    assert any(verdict in ADMITS for each in verdicts for verdict in each)
    assert any(len(set(each)) > 1 for each in verdicts)
    assert {clause.danger for clause in clauses if clause.id in against} == set(Danger)
    assert CALLER_WANTS_POLICE in against


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_whatever_is_let_go_is_guarded_by_the_four_dangers(program: Path) -> None:
    policy = policy_of(program)
    for danger in Danger:
        guards = [clause for clause in policy.disqualifier if clause.danger is danger]
        whole = [one for one in guards if one.rules_out_all and one.makes is not Verdict.REVIEW]
        assert any(one.questions for one in whole), danger
        assert any(one.shared for one in whole), danger


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_what_one_danger_does_not_hear_another_does(program: Path) -> None:
    policy = policy_of(program)
    heard = {
        entry.id
        for entry in lexicon().entries
        for clause in policy.disqualifier
        if clause.shared and clause.danger in entry.says and entry.id not in clause.without
        if not clause.only or entry.id in clause.only
    }
    left_out = {name for clause in policy.disqualifier for name in clause.without} - heard
    assert left_out <= UNHEARD | LISTED_BY_ITSELF.get(policy.name, set())


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_the_narrative_offers_nothing(program: Path) -> None:
    assert [
        one.id for one in policy_of(program).scope if one.by_narrative and one.verdict is Verdict.OFFER
    ] == []
