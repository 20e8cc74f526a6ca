"""`bridge policy test`: worked calls put to the policies they are written for.

Every step is decided as a worker would decide it at that instant; what differs from what people expect is
told, and so are the clauses that no call made speak.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.options import settings_of
from bridge.domain.choosing import decide
from bridge.domain.clauses import DESTINATION_FULL
from bridge.domain.decision import Decision
from bridge.domain.ids import DestinationId
from bridge.domain.incident import Incident, apply
from bridge.domain.policy import Policy
from bridge.domain.screening import Destinations
from bridge.domain.words import Lexicon
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policy
from bridge.settings.words import words_if_any
from bridge.settings.worked_calls import Expected, Worked, WorkedCall, load_worked_calls


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one file: its name, how many calls and steps, what differed, which clauses were silent."""

    name: str
    calls: int
    steps: int
    differences: Sequence[str]
    silent: Sequence[str]


def test(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files of worked calls, or folders of them.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="A clause that no call made speak is a fault.")
    ] = False,
) -> None:
    """Put worked calls to the policies they try; 1 when a decision is not the one that was expected."""
    lexicon = words_if_any(settings_of(ctx).paths.words)
    tried = [try_calls(load_worked_calls(path), lexicon) for path in _files(files or [Path()])]
    if not tried:
        raise typer.BadParameter("no file of worked calls is there; name one, or a folder of them")
    failed = False
    for one in tried:
        bad = bool(one.differences or (strict and one.silent))
        failed = failed or bad
        print(f"{'FAILED' if bad else 'ok':6} {one.name}: {one.calls} calls, {one.steps} decisions")
        for difference in one.differences:
            print(f"       {difference}")
        if one.silent:
            print(f"       never spoke: {', '.join(one.silent)}")
    print(f"{sum(one.calls for one in tried)} calls of {len(tried)} files")
    if failed:
        raise typer.Exit(1)


def try_calls(worked: Worked, lexicon: Lexicon | None) -> Tried:
    """Decide every call of a file. SettingsError when a policy or a destination cannot be used."""
    policies, destinations = rules_tried(worked, lexicon)
    spoken: set[str] = set()
    differences, steps = [], 0
    for number, call in enumerate(worked.calls, 1):
        for at, decision in enumerate(decisions(call, number, policies, destinations)):
            spoken |= {str(reason.clause) for reason in decision.reasons}
            expected = call.step[at].expect
            if expected is None:
                continue
            steps += 1
            differences += [f"{call.name!r}, step {at + 1}: {one}" for one in differing(expected, decision)]
    written = dict.fromkeys(str(clause.id) for policy in policies for clause in policy.clauses)
    agreed = dict.fromkeys(
        str(clause.id)
        for name in _routed(policies)
        if name in destinations
        for clause in destinations[name].accepts
    )
    silent = [name for name in (*written, *agreed) if name not in spoken]
    return Tried(worked.path.stem, len(worked.calls), steps, differences, silent)


def rules_tried(worked: Worked, lexicon: Lexicon | None) -> tuple[Sequence[Policy], Destinations]:
    """The policies that a file of worked calls tries, and their destinations. SettingsError."""
    destinations = load_destinations(worked.destinations)
    return [load_policy(path, destinations, lexicon) for path in worked.policies], destinations


def states(call: WorkedCall, number: int, policies: Sequence[Policy]) -> Iterator[tuple[Incident, datetime]]:
    """The incident after each step, and when that was."""
    incident: Incident | None = None
    for event in call.events(number, policies[0].agency):
        incident = apply(incident or Incident(event.incident_id, event.agency), event)
        yield incident, event.at


def of_agency(policies: Sequence[Policy], incident: Incident) -> Sequence[Policy]:
    """Those that the incident's own agency wrote."""
    return [policy for policy in policies if policy.agency == incident.agency]


def decisions(
    call: WorkedCall, number: int, policies: Sequence[Policy], destinations: Destinations
) -> Iterator[Decision]:
    """The decision after each step, as it stands at that instant."""
    for incident, at in states(call, number, policies):
        full = dict.fromkeys(call.full, DESTINATION_FULL)
        yield decide(of_agency(policies, incident), incident, destinations, at, full)


def differing(expected: Expected, decision: Decision) -> Iterator[str]:
    """What is not as it was expected."""
    spoken = [str(reason.clause) for reason in decision.reasons]
    if decision.verdict is not expected.verdict:
        yield f"{decision.verdict.value}, not {expected.verdict.value} ({', '.join(spoken)})"
    for clause in expected.clauses:
        if clause not in spoken:
            yield f"{clause!r} did not speak ({', '.join(spoken)})"
    for clause in expected.not_clauses:
        if clause in spoken:
            yield f"{clause!r} spoke"
    if expected.route and decision.route != expected.route:
        yield f"goes to {', '.join(decision.route) or 'nobody'}, not {', '.join(expected.route)}"
    if expected.retype and decision.retype != expected.retype:
        yield f"is retyped {decision.retype!r}, not {expected.retype!r}"
    if expected.say not in decision.say:
        yield f"says {decision.say!r}, without {expected.say!r}"


def _routed(policies: Sequence[Policy]) -> Sequence[DestinationId]:
    return sorted({name for policy in policies for clause in policy.scope for name in clause.route})


def _files(given: Sequence[Path]) -> Iterator[Path]:
    for path in given:
        yield from sorted(path.glob("*.toml")) if path.is_dir() else [path]
