"""The rules of a policy's `[units]`: which of CAD's units are legs of a tandem."""

from collections.abc import Iterator

from bridge.domain.units import Units
from bridge.settings.problems import Problem
from bridge.settings.toml import File

_SHORTEST, _LONGEST = 5.0, 3600.0


def unit_problems(file: File, units: Units, pairing_seconds: float) -> Iterator[Problem]:
    """What is wrong with them, and with how long a leg may be without a unit."""
    for name, codes in (("types", units.types), ("ids", units.ids)):
        if "" in codes:
            yield file.problem(f"units.{name}", "holds an empty code", "write the code that CAD sends")
    for pattern in units.ids:
        if pattern and not pattern.strip("*?"):
            rule = f"{pattern!r} is every unit"
            yield file.problem("units.ids", rule, "write how the call signs begin, such as MED*")
    if not _SHORTEST <= pairing_seconds <= _LONGEST:
        rule = f"is not between {_SHORTEST:g} and {_LONGEST:g}"
        yield file.problem("pairing_seconds", rule, "write seconds, such as 120")
