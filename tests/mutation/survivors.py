"""The survivors that were looked at, and why each may live. An explanation that is not needed is a fault."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.trial import Fate

EXPLAINED = Path(__file__).with_name("survivors.toml")

Key = tuple[str, str, str, str]
Known = Mapping[Key, str]
"""Why a mutant may survive, by its key."""


def explained(path: Path = EXPLAINED) -> Known:
    """The explanations that are stored."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", [])
    return {(row["file"], row["within"], row["was"], row["now"]): row["why"] for row in rows}


def faults(found: Iterable[tuple[Mutant, Fate]], known: Known, *, whole: bool) -> Iterator[str]:
    """A sentence for each survivor that nobody explained, and each explanation of a mutant that is killed.

    With `whole`, every mutant of the domain was tried: an explanation of none of them is told as well.
    """
    fates: dict[Key, set[Fate]] = {}
    for mutant, fate in found:
        fates.setdefault(mutant.key, set()).add(fate)
        if fate is Fate.SURVIVED and mutant.key not in known:
            yield f"nobody noticed {mutant}"
    for key in known:
        if whole and key not in fates:
            yield f"explained, and there is no such mutant: {' '.join(key[:2])}: {key[2]}  ->  {key[3]}"
        elif key in fates and Fate.SURVIVED not in fates[key]:
            yield f"explained, and killed: {' '.join(key[:2])}: {key[2]}  ->  {key[3]}"
