"""What a check of the invariants found: which rows break which of them, named by their ids alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

INVARIANTS: Mapping[int, str] = {
    1: "every record read has one row",
    2: "every version has its decision",
    3: "a call has one holder, moved by signals alone",
    4: "every wait ends",
    5: "what left is stored, byte for byte",
    6: "sent in order, applied once",
    7: "no caller's words outside of sealed columns",
    8: "audit rows are chained",
}

MOST_NAMED = 1000


@dataclass(slots=True)
class Broken:
    """The rows that break one invariant: how many, and the first of them."""

    rows: int = 0
    named: list[str] = field(default_factory=list)

    def add(self, row: str) -> None:
        """One more. What comes after the first thousand is only counted."""
        self.rows += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(row)


@dataclass(slots=True)
class Report:
    """What was found. `counts` says how much was looked at."""

    found: dict[int, Broken] = field(default_factory=lambda: {number: Broken() for number in INVARIANTS})
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def broken(self) -> Mapping[int, list[str]]:
        """The invariants that are broken, each with the rows that break it; empty when all is well."""
        return {number: broken.named for number, broken in self.found.items() if broken.rows}

    def add(self, invariant: int, row: str) -> None:
        """A row that breaks an invariant."""
        self.found[invariant].add(row)

    def count(self, name: str, more: int = 1) -> None:
        """So much more of something was looked at."""
        self.counts[name] = self.counts.get(name, 0) + more
