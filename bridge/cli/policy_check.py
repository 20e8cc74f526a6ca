"""`bridge policy check`: what is wrong with policy files, what is probably not meant, and what they cover.

Errors are what the worker would refuse too; findings are for people to judge. One line each, the remedy
behind the semicolon.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.options import settings_of
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.policy import Policy
from bridge.domain.words import Lexicon
from bridge.errors import SettingsError
from bridge.settings import Settings, toml
from bridge.settings.coverage import Coverage, Standing, coverage, read_types
from bridge.settings.destinations import load_destinations
from bridge.settings.findings_ground import shared_ground
from bridge.settings.findings_route import unrouted
from bridge.settings.policies import load_policies, load_policy
from bridge.settings.policy_findings import Subject, findings_of, not_yet, subject_of
from bridge.settings.words import load_words, words_if_any

_TOP = 20

Files = Annotated[
    list[Path] | None, typer.Argument(help="Policy files, or folders of them; else paths.policies.")
]
Folders = Annotated[
    list[Path] | None,
    typer.Option("--destinations", help="Folders of destinations, instead of paths.destinations."),
]
Words = Annotated[
    list[Path] | None, typer.Option("--words", help="Folders of word lists, instead of paths.words.")
]
At = Annotated[datetime | None, typer.Option("--at", help="Judge as on this day (UTC), instead of today.")]


@dataclass(slots=True)
class Checked:
    """What came of the files: those that loaded, and the lines about those that did not."""

    subjects: list[Subject] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def check(
    ctx: typer.Context,
    files: Files = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 when anything is found.")] = False,
    types: Annotated[
        Path | None,
        typer.Option("--types", help="CAD's call types: a CSV with columns type,count, or one a line."),
    ] = None,
    destinations: Folders = None,
    words: Words = None,
    at: At = None,
) -> None:
    """Print what is wrong with policies and what is probably not meant; end with 1 when one cannot load."""
    settings = settings_of(ctx)
    now = (at or datetime.now(UTC)).replace(tzinfo=UTC)
    named = files or [settings.paths.policies]
    known = destinations_in(settings, destinations)
    checked = examined(named, known, lexicon_of(settings, words), now)
    found = list(_found(checked.subjects))
    if not files:
        policies = [subject.policy for subject in checked.subjects]
        found += [f"{settings.paths.destinations}: {one}" for one in unrouted(policies, known)]
    for head, lines in (("error  ", checked.errors), ("finding", found), ("later  ", _later(checked, now))):
        for line in lines:
            print(f"{head} {line}")
    print(f"{len(checked.subjects)} policies load, {len(checked.errors)} errors, {len(found)} findings")
    if types is not None:
        print("\n".join(_covered(checked.subjects, types)))
    raise typer.Exit(1 if checked.errors or (strict and found) else 0)


def destinations_in(
    settings: Settings, folders: Sequence[Path] | None
) -> Mapping[DestinationId, Destination]:
    """The destinations of these folders, or of the settings' folder, or SettingsError."""
    found: dict[DestinationId, Destination] = {}
    for folder in folders or [settings.paths.destinations]:
        found |= load_destinations(folder)
    return found


def lexicon_of(settings: Settings, folders: Sequence[Path] | None) -> Lexicon | None:
    """The shared word lists of these folders, or of the settings' folder if it is there."""
    return load_words(*folders) if folders else words_if_any(settings.paths.words)


def examined(
    named: Sequence[Path],
    destinations: Mapping[DestinationId, Destination],
    lexicon: Lexicon | None,
    at: datetime,
) -> Checked:
    """Every file by itself, so that each says all that is wrong with it; then what they are together."""
    checked = Checked()
    for path in (file for place in named for file in (toml.files_in(place) if place.is_dir() else [place])):
        try:
            policy = load_policy(path, destinations, lexicon)
            checked.subjects.append(subject_of(path, policy, destinations, at.date()))
        except SettingsError as error:
            checked.errors += str(error).splitlines()
    if not checked.errors:
        for folder in (place for place in named if place.is_dir()):
            try:
                load_policies(folder, destinations, lexicon)
            except SettingsError as error:
                checked.errors += str(error).splitlines()
    return checked


def _found(subjects: Sequence[Subject]) -> Iterator[str]:
    for subject in subjects:
        yield from (f"{subject.path}: {finding}" for finding in findings_of(subject))
    yield from (f"{subject.path}: {finding}" for subject, finding in shared_ground(subjects))


def _later(checked: Checked, now: datetime) -> Iterator[str]:
    policies = [subject.policy for subject in checked.subjects]
    paths = {id(subject.policy): subject.path for subject in checked.subjects}
    yield from (f"{paths[id(policy)]}: {said}" for policy, said in not_yet(policies, now))


def _covered(subjects: Sequence[Subject], types: Path) -> Iterator[str]:
    counted = read_types(types)
    for subject in subjects:
        found = coverage(subject.policy, counted)
        yield f"\n{title(subject.policy)} over {types}"
        yield from table(found)
        unmentioned = found.by_standing[Standing.UNMENTIONED]
        if unmentioned:
            yield f"the most frequent of {len(unmentioned)} types that no clause mentions:"
            yield from (f"{one.calls:>12}  {one.name}" for one in unmentioned[:_TOP])


def title(policy: Policy) -> str:
    """A policy by its name and version."""
    return f"{policy.name} {policy.version}"


def table(found: Coverage) -> Iterator[str]:
    """The coverage for people: types and calls, each with its share."""
    types, calls = found.types(Standing), found.calls(Standing)
    mentioned = [one for one in Standing if one is not Standing.UNMENTIONED]
    yield f"{'':26}{'types':>8}{'share':>8}{'calls':>12}{'share':>8}"
    rows = {"mentioned": mentioned, **{f"  {one.value}": [one] for one in mentioned}}
    for label, standings in (rows | {Standing.UNMENTIONED.value: [Standing.UNMENTIONED]}).items():
        some, many = found.types(standings), found.calls(standings)
        yield f"{label:26}{some:>8}{_share(some, types)}{many:>12}{_share(many, calls)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:>8.1%}" if whole else f"{'-':>8}"
