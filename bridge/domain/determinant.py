"""Determinants of scripted protocols: card, level, number and suffix, however a CAD writes them.

`25A1`, `25A01` and `25-A-1` are the same; `25A2V` carries the suffix V. Levels run O < A < B < C < D < E.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_WRITTEN = re.compile(r"0{0,2}(\d{1,3})-?([OΩA-E])-?0{0,2}(\d{1,3})-?([A-Z]{0,3})")
_PATTERN = re.compile(r"\d{1,3}-(?:\*|[OA-E]-(?:\*|\d{1,3}))")


@dataclass(frozen=True, slots=True)
class Determinant:
    """One final determinant. `names` are the patterns that admit it: itself, its level, its card."""

    card: int
    level: str
    number: int
    suffix: str = ""

    @property
    def names(self) -> tuple[str, str, str]:
        """`25-A-1`, `25-A-*`, `25-*`: the suffix is left to the disqualifiers."""
        return f"{self.card}-{self.level}-{self.number}", f"{self.card}-{self.level}-*", f"{self.card}-*"


@lru_cache(maxsize=4096)
def determinant_of(written: str) -> Determinant | None:
    """The determinant in a CAD's field, or None when there is none to be read."""
    match = _WRITTEN.fullmatch(written.strip().upper())
    if match is None:
        return None
    card, level, number, suffix = match.groups()
    return Determinant(int(card), "O" if level == "Ω" else level, int(number), suffix)


def is_pattern(text: str) -> bool:
    """Whether a policy can name determinants so: `25-A-1`, `25-A-*` or `25-*`."""
    return _PATTERN.fullmatch(text) is not None
