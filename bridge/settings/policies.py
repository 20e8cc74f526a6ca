"""Policy files: one TOML file a version of an agency's policy, read into the domain's `Policy`.

The rules that hold between clauses, and between clauses and destinations, are checked here, so that
a policy that loads is one that can be screened with.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bridge.domain.clauses import ANSWER_MISSING, BUILT_IN
from bridge.domain.decision import Verdict
from bridge.domain.determinant import is_pattern
from bridge.domain.ids import AgencyId, DestinationId
from bridge.domain.policy import Danger, DisqualifierClause, Policy, ScopeClause
from bridge.domain.words import Lexicon, faulty_entry
from bridge.errors import SettingsError
from bridge.settings import toml
from bridge.settings.hours import hours_problems, is_time_zone, time_zone_problem
from bridge.settings.problems import Problem, raised

_NEVER_WRITTEN: Mapping[str, str] = {
    "digest": "is counted from the file, never written in it",
    "lexicon": "is a folder of word lists, never written in a policy",
}


class _PolicyFile(toml.Wrapper):
    policy: Policy


def load_policies(
    folder: Path, destinations: Collection[DestinationId] | None = None, lexicon: Lexicon | None = None
) -> Mapping[AgencyId, tuple[Policy, ...]]:
    """Every policy of a folder by agency, oldest first, or SettingsError.

    With `destinations`, a route that names anything else is refused. Without a `lexicon`, so is a clause
    that wants to hear the shared word lists.
    """
    by_agency: dict[AgencyId, list[Policy]] = {}
    for path in toml.files_in(folder):
        policy = load_policy(path, destinations, lexicon)
        others = by_agency.setdefault(policy.agency, [])
        for other in others:
            if other.effective == policy.effective:
                rule = f"version {other.version!r} of this agency begins at the same instant"
                raise SettingsError(f"{path}: effective: {rule}; give each its own")
            if other.version == policy.version:
                rule = f"{policy.version!r} is another file's version of this agency"
                raise SettingsError(f"{path}: version: {rule}; give each its own")
        others.append(policy)
    return {
        agency: tuple(sorted(policies, key=lambda policy: policy.effective))
        for agency, policies in by_agency.items()
    }


def load_policy(
    path: Path, destinations: Collection[DestinationId] | None = None, lexicon: Lexicon | None = None
) -> Policy:
    """One policy, its digest set, or SettingsError that tells everything wrong with its file."""
    file = toml.read(path)
    for name, rule in _NEVER_WRITTEN.items():
        if name in file.tree:
            raise raised([file.problem(name, rule, "remove it")])
    tree = _with_time_zone(file.tree) | {"digest": file.digest}
    faults = list(_word_problems(file))
    if faults:
        raise raised(faults)
    try:
        policy = _PolicyFile.model_validate({"policy": tree}).policy
    except ValidationError as error:
        raise toml.refused(file, error) from None
    if problems := [*_problems(file, policy, destinations), *_shared_problems(file, policy, lexicon)]:
        raise raised(problems)
    return policy if lexicon is None else replace(policy, lexicon=lexicon)


def _with_time_zone(tree: dict[str, Any]) -> dict[str, Any]:
    """Every clause's hours are meant in the policy's time zone unless they name another."""
    scope = tree.get("scope")
    if not isinstance(scope, list):
        return tree
    zone = tree.get("timezone")
    zone = zone if isinstance(zone, str) else None
    turned = [
        clause | {"hours": toml.with_weekdays(clause["hours"], zone)}
        if isinstance(clause, dict) and "hours" in clause
        else clause
        for clause in scope
    ]
    return tree | {"scope": turned}


def _word_problems(file: toml.File) -> Iterator[Problem]:
    """Entries that cannot be read; looked at before the policy makes its lists ready."""
    clauses = file.tree.get("disqualifier")
    for number, clause in enumerate(clauses if isinstance(clauses, list) else ()):
        for name in ("words", "denials"):
            entries = clause.get(name) if isinstance(clause, dict) else None
            for at, entry in enumerate(entries if isinstance(entries, list) else ()):
                if isinstance(entry, str) and (fault := faulty_entry(entry)):
                    place = f"disqualifier[{number}].{name}[{at}]"
                    yield file.problem(
                        place, fault, "write words, with * only at the very end of 3 letters or more"
                    )


def _problems(
    file: toml.File, policy: Policy, destinations: Collection[DestinationId] | None
) -> Iterator[Problem]:
    for name in ("agency", "name", "version"):
        if not getattr(policy, name).strip():
            yield file.problem(name, "is empty", "write something that names it")
    if policy.effective.tzinfo is None:
        yield file.problem("effective", "has no offset", "write it as 2025-01-01T00:00:00-06:00")
    if not is_time_zone(policy.timezone):
        yield time_zone_problem(file, "timezone", policy.timezone)
    if not policy.scope:
        yield file.problem("scope", "is empty", "write at least one [[scope]]")
    for danger in Danger:
        if all(clause.danger is not danger for clause in policy.disqualifier):
            rule = f"no clause looks for the danger {danger.value!r}"
            yield file.problem("disqualifier", rule, "write a [[disqualifier]] for each of the four")
    yield from _id_problems(file, policy)
    for number, clause in enumerate(policy.scope):
        yield from _scope_problems(file, f"scope[{number}]", clause, destinations)
    for number, disqualifier in enumerate(policy.disqualifier):
        yield from _danger_problems(file, f"disqualifier[{number}]", disqualifier, policy)


def _shared_problems(file: toml.File, policy: Policy, lexicon: Lexicon | None) -> Iterator[Problem]:
    known = {entry.id for entry in lexicon.entries} if lexicon is not None else set()
    for number, clause in enumerate(policy.disqualifier):
        place = f"disqualifier[{number}]"
        if clause.shared and lexicon is None:
            rule = "there are no shared word lists"
            yield file.problem(f"{place}.shared", rule, "name their folder in paths.words, or remove it")
        elif clause.without and not clause.shared:
            yield file.problem(f"{place}.without", "the clause is not shared", "write shared = true")
        for unknown in sorted(clause.without - known) if clause.shared and lexicon is not None else ():
            rule = f"{unknown!r} is no entry of the shared word lists"
            yield file.problem(f"{place}.without", rule, "name an id of an [[entry]]")


def _id_problems(file: toml.File, policy: Policy) -> Iterator[Problem]:
    named = [(f"scope[{at}]", scope.id, scope.sentence) for at, scope in enumerate(policy.scope)]
    named += [(f"disqualifier[{at}]", one.id, one.sentence) for at, one in enumerate(policy.disqualifier)]
    seen: set[str] = set()
    for place, clause, sentence in named:
        if not clause.strip():
            yield file.problem(f"{place}.id", "is empty", "write something that names the clause")
        elif clause in BUILT_IN or clause.startswith(ANSWER_MISSING):
            yield file.problem(f"{place}.id", f"{clause!r} is a built-in clause", "choose another")
        elif clause in seen:
            yield file.problem(f"{place}.id", f"{clause!r} is another clause's id", "give each its own")
        seen.add(clause)
        if not sentence.strip():
            yield file.problem(f"{place}.sentence", "is empty", "say it in a sentence for people")


def _scope_problems(
    file: toml.File, place: str, clause: ScopeClause, destinations: Collection[DestinationId] | None
) -> Iterator[Problem]:
    if not clause.call_types and not clause.determinants:
        yield file.problem(place, "names no call", "list call_types, determinants or both")
    for pattern in sorted(clause.determinants):
        if not is_pattern(pattern):
            rule = f"{pattern!r} is no determinant"
            yield file.problem(f"{place}.determinants", rule, "write 25-A-1, 25-A-* or 25-*, without suffix")
    if not clause.route and clause.verdict is not Verdict.REVIEW:
        yield file.problem(
            f"{place}.route", f"is empty, but the verdict is {clause.verdict.value}", "name somebody"
        )
    for number, name in enumerate(clause.route):
        if destinations is not None and name not in destinations:
            known = ", ".join(sorted(destinations)) or "none"
            rule = f"{name!r} is no destination"
            yield file.problem(f"{place}.route[{number}]", rule, f"add its file, or name one of: {known}")
    lowest, highest = clause.caller.min_age, clause.caller.max_age
    if lowest is not None and highest is not None and lowest > highest:
        yield file.problem(f"{place}.caller", "min_age is above max_age", "swap them")
    yield from hours_problems(file, f"{place}.hours", clause.hours)


def _danger_problems(
    file: toml.File, place: str, clause: DisqualifierClause, policy: Policy
) -> Iterator[Problem]:
    if clause.unanswered and not clause.questions:
        yield file.problem(f"{place}.unanswered", "there is no question to answer", "list its questions")
    signs = (
        clause.questions
        or clause.words
        or clause.shared
        or clause.call_types
        or clause.determinant_suffixes
        or clause.dispositions
        or clause.priorities
        or clause.unit_kinds
        or clause.caller_wants_police
    )
    if not signs:
        yield file.problem(place, "nothing can ever show this danger", "list questions, words or fields")
    for both in sorted(set(clause.words) & set(clause.denials)):
        yield file.problem(f"{place}.denials", f"{both!r} is also among its words", "keep one of them")
    for unknown in sorted(clause.tandem_for - {each.id for each in policy.scope}):
        yield file.problem(f"{place}.tandem_for", f"{unknown!r} is no scope clause", "name ids of [[scope]]")
