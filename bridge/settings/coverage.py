"""How much of an agency's call types a policy speaks of: by type, and by how many calls each type has.

The types come from a file that the agency has anyway: a CSV with the columns `type` and, if counted,
`count`, or a list with one type a line. A type is judged by its name alone; what a call's answers and
narrative would say is for a backtest.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bridge.domain.decision import Verdict
from bridge.domain.determinant import determinant_of
from bridge.domain.facts import names_of
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import DisqualifierClause
from bridge.domain.spoken import CAUTION
from bridge.domain.when import folded
from bridge.errors import SettingsError


class Standing(StrEnum):
    """What becomes of a call type by its name alone."""

    OFFER = "admitted: offer"
    RECOMMEND = "admitted: recommend"
    REVIEW = "admitted: review"
    TANDEM = "tandem by its name"
    DISQUALIFIED = "disqualified by its name"
    OTHERWISE = "mentioned otherwise"
    UNMENTIONED = "unmentioned"


@dataclass(frozen=True, slots=True)
class Counted:
    """A call type as CAD has it, and how many calls it has."""

    name: str
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every type by its standing, the most frequent first."""

    by_standing: Mapping[Standing, Sequence[Counted]]

    def types(self, standings: Iterable[Standing]) -> int:
        """How many types stand so."""
        return sum(len(self.by_standing[one]) for one in standings)

    def calls(self, standings: Iterable[Standing]) -> int:
        """How many calls these types have."""
        return sum(each.calls for one in standings for each in self.by_standing[one])


def read_types(path: Path) -> Sequence[Counted]:
    """The types of a file, or SettingsError that names the line. A type that stands twice is added up."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); name a file that exists") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8; save it as UTF-8") from None
    if not rows:
        raise SettingsError(f"{path}: is empty; write one type on each line")
    head = [cell.strip().lower() for cell in rows[0]]
    if "type" not in head:
        listed = {",".join(row).strip(): 1 for row in rows}
        return [Counted(name) for name in listed]
    calls: dict[str, int] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = dict(zip(head, row, strict=False))
        name = cells.get("type", "").strip()
        if name:
            calls[name] = calls.get(name, 0) + _count(path, number, cells.get("count", "1"))
    return [Counted(name, count) for name, count in calls.items()]


def coverage(policy: Policy, types: Iterable[Counted]) -> Coverage:
    """How each of these types stands in the policy."""
    found: dict[Standing, list[Counted]] = {standing: [] for standing in Standing}
    for counted in types:
        found[standing_of(policy, counted.name)].append(counted)
    return Coverage(
        {one: sorted(many, key=lambda each: (-each.calls, each.name)) for one, many in found.items()}
    )


def standing_of(policy: Policy, name: str) -> Standing:
    """What the policy makes of a call of this type, of which nothing else is known."""
    names = names_of(folded(name), determinant_of(name))
    naming = [clause for clause in policy.scope if _names(clause.call_types | clause.determinants, names)]
    ids = {clause.id for clause in naming}
    shown = [clause for clause in policy.disqualifier if _by_name(clause, name, names, policy)]
    if shown:
        tandem = ids and all(ids <= one.tandem_for or one.makes is Verdict.TANDEM for one in shown)
        return Standing.TANDEM if tandem else Standing.DISQUALIFIED
    if naming:
        verdict: Verdict = max((one.verdict for one in naming), key=CAUTION.__getitem__)
        return Standing[verdict.name]
    others = (*policy.recategory, *policy.answer, *policy.limit)
    if any(_names(clause.call_types | clause.determinants, names) for clause in others):
        return Standing.OTHERWISE
    return Standing.UNMENTIONED


def _by_name(clause: DisqualifierClause, name: str, names: Sequence[str], policy: Policy) -> bool:
    """Whether the type's code, suffix or own words show this danger to whoever would go."""
    if clause.makes is Verdict.REVIEW or not clause.rules_out_all:
        return False
    determinant = determinant_of(name)
    suffix = determinant.suffix if determinant is not None else ""
    if _names(clause.call_types | clause.determinants, names) or clause.determinant_suffixes & set(suffix):
        return True
    mention = policy.words.read([], name).mentions.get(clause.id)
    return mention is not None and mention.heard.counts


def _names(named: frozenset[str], names: Iterable[str]) -> bool:
    return not named.isdisjoint(names)


def _count(path: Path, number: int, cell: str) -> int:
    digits = cell.strip().replace(",", "") or "0"
    if not digits.isdecimal():
        raise SettingsError(f"{path}: row {number}: count: is not a whole number; write digits only")
    return int(digits)
