"""The rules of one clause by itself: its id, and the conditions it is written with.

They hold for a policy's clauses and for what a destination agreed to take.
"""

import re
from collections.abc import Collection, Iterator

from bridge.domain.clauses import BUILT_IN
from bridge.domain.determinant import is_pattern
from bridge.domain.policy_clauses import LimitClause
from bridge.domain.when import When
from bridge.settings.hours import hours_problems
from bridge.settings.problems import Problem
from bridge.settings.toml import File

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
LONGEST_WAIT = 7 * 24 * 60
ID_REMEDY = "use letters, digits, - _ and . only, 80 at most"


def when_problems(file: File, place: str, when: When, areas: Collection[str]) -> Iterator[Problem]:
    """What is wrong with conditions, wherever they are written."""
    for pattern in sorted(when.determinants):
        if not is_pattern(pattern):
            rule = f"{pattern!r} is no determinant"
            yield file.problem(f"{place}.determinants", rule, "write 25-A-1, 25-A-* or 25-*, without suffix")
    for name, codes in (("call_types", when.call_types), ("districts", when.districts)):
        if "" in codes:
            yield file.problem(f"{place}.{name}", "holds an empty code", "write the code that CAD sends")
    for code in sorted(when.typed):
        if not code or code.split() != [code]:
            yield file.problem(f"{place}.typed", f"{code!r} is not one word", "write the code as it is typed")
    for name in sorted(when.areas - set(areas)):
        yield file.problem(f"{place}.areas", f"{name!r} is no area", "name its GeoJSON file in [areas]")
    for name, codes in when.fields.items():
        if not codes:
            yield file.problem(f"{place}.fields.{name}", "is empty", "list the codes that count")
    if when.waiting_minutes is not None and not 1 <= when.waiting_minutes <= LONGEST_WAIT:
        rule = "is below 1" if when.waiting_minutes < 1 else f"is above {LONGEST_WAIT}, a week"
        yield file.problem(f"{place}.waiting_minutes", rule, "write whole minutes")
    lowest, highest = when.caller.min_age, when.caller.max_age
    if min(lowest or 0, highest or 0) < 0:
        yield file.problem(f"{place}.caller", "has an age below 0", "write years")
    if lowest is not None and highest is not None and lowest > highest:
        yield file.problem(f"{place}.caller", "min_age is above max_age", "swap them")
    yield from hours_problems(file, f"{place}.hours", when.hours)


def is_id(clause: str) -> bool:
    """Whether this can name a clause in metrics, messages and the ledger."""
    return _ID.fullmatch(clause) is not None


def is_built_in(clause: str) -> bool:
    """Whether this is an id that the bridge itself speaks by."""
    return any(clause == one or (one[-1] == "." and clause.startswith(one)) for one in BUILT_IN)


def limits_anything(clause: LimitClause) -> bool:
    """Whether there is a call that this limit holds back."""
    return conditions(clause) != When() or bool(clause.needs) or clause.never is not None


def conditions(clause: When) -> When:
    """The conditions of a clause without what else it is."""
    return When(**{name: getattr(clause, name) for name in When.__dataclass_fields__})
