"""Policy files: one TOML file a version of an agency's policy, read into the domain's `Policy`.

The rules that hold between clauses, and between clauses and destinations, are checked when a file is read,
so that a policy that loads is one that can be screened with.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bridge.domain.ids import AgencyId, DestinationId
from bridge.domain.policy import Policy
from bridge.domain.words import Lexicon, faulty_entry
from bridge.errors import SettingsError
from bridge.settings import toml
from bridge.settings.extends import CLAUSES, read_extended
from bridge.settings.grounds import grounds_of
from bridge.settings.policy_rules import problems_of_policy
from bridge.settings.problems import Problem, raised

_NEVER_WRITTEN: Mapping[str, str] = {
    "digest": "is counted from the file, never written in it",
    "lexicon": "is a folder of word lists, never written in a policy",
}


class PolicyFile(toml.Wrapper):
    """What pydantic checks."""

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
            if rule := _conflict(policy, other):
                raise SettingsError(f"{path}: {rule}")
        others.append(policy)
    return {
        agency: tuple(sorted(policies, key=lambda policy: policy.effective))
        for agency, policies in by_agency.items()
    }


def _conflict(policy: Policy, other: Policy) -> str:
    """Why these two policies of one agency cannot stand side by side, or an empty string."""
    if policy.name != other.name:
        shared = policy.where.districts & other.where.districts
        bounded = all(one.where.districts or one.where.areas for one in (policy, other))
        if bounded and not shared:
            return ""
        rule = f"policy {other.name!r} of this agency is for the same ground"
        return f"name: {rule}; write versions of one policy under one name, or give each its own `where`"
    if other.effective == policy.effective:
        rule = f"version {other.version!r} of this policy begins at the same instant"
        return f"effective: {rule}; give each its own"
    if other.version == policy.version:
        return f"version: {policy.version!r} is another file's version of this policy; give each its own"
    return ""


def load_policy(
    path: Path, destinations: Collection[DestinationId] | None = None, lexicon: Lexicon | None = None
) -> Policy:
    """One policy with its bases, its digest set, or SettingsError that tells everything wrong with it."""
    extended = read_extended(path)
    file = extended.file
    for name, rule in _NEVER_WRITTEN.items():
        if name in file.tree:
            raise raised([file.problem(name, rule, "remove it")])
    if faults := [*_written_problems(file), *_word_problems(file), *toml.hours_faults(file)]:
        raise raised(faults)
    try:
        policy = PolicyFile.model_validate({"policy": _prepared(file)}).policy
    except ValidationError as error:
        raise toml.refused(file, error) from None
    policy = replace(
        policy,
        areas={name: ground.holds for name, ground in grounds_of(extended.areas).items()},
        digest=file.digest,
        lexicon=lexicon or Lexicon(),
    )
    if problems := list(problems_of_policy(file, policy, destinations, lexicon)):
        raise raised(problems)
    return policy


def sources_of(path: Path) -> Sequence[Path]:
    """The policy's file, its bases and its areas' files: everything that its digest is over."""
    return read_extended(path).sources


def _prepared(file: toml.File) -> dict[str, Any]:
    """The tree as the domain's dataclasses want it.

    All hours are meant in the policy's time zone unless they name another, and closed on its `holidays`
    unless they say `holidays = "open"`.
    """
    tree = {name: value for name, value in file.tree.items() if name != "holidays"}
    zone = tree.get("timezone")
    holidays = file.tree.get("holidays", [])
    return {
        name: toml.with_hours(value, zone if isinstance(zone, str) else None, holidays)
        if name in CLAUSES
        else value
        for name, value in tree.items()
    }


def _written_problems(file: toml.File) -> Iterator[Problem]:
    """What TOML says in another type than it is meant in."""
    if "effective" in file.tree and not isinstance(file.tree["effective"], datetime):
        rule = "is no instant"
        yield file.problem("effective", rule, "write it as 2025-01-01T00:00:00-06:00, without quotes")


def _word_problems(file: toml.File) -> Iterator[Problem]:
    """Entries that cannot be read; looked at before the policy makes its lists ready."""
    for kind in CLAUSES:
        clauses = file.tree.get(kind)
        for number, clause in enumerate(clauses if isinstance(clauses, list) else ()):
            for place, entries in _word_lists(clause, f"{kind}[{number}]"):
                for at, entry in enumerate(entries):
                    if isinstance(entry, str) and (fault := faulty_entry(entry)):
                        remedy = "write words, with * only at the very end of 3 letters or more"
                        yield file.problem(f"{place}[{at}]", fault, remedy)


def _word_lists(tree: object, place: str) -> Iterator[tuple[str, list[object]]]:
    """Every list of words in a clause, with its place."""
    for name, value in tree.items() if isinstance(tree, dict) else ():
        if name in {"words", "denials", "unless_words"} and isinstance(value, list):
            yield f"{place}.{name}", value
        elif isinstance(value, dict):
            yield from _word_lists(value, f"{place}.{name}")
