"""Sentences about what is wrong with a settings file: where, which rule, what to do.

A value is never repeated: it may be a secret. Every problem of a file is told at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError

from bridge.errors import SettingsError
from bridge.settings.key import Key


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `origin` is the file or the variable, `path` the key."""

    origin: str
    path: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.origin}: {self.path}" if self.path else self.origin
        return f"{place}: {self.rule}; {self.remedy}"


def raised(problems: Iterable[Problem]) -> SettingsError:
    """All of these as one error, a line each."""
    return SettingsError("\n".join(str(problem) for problem in problems))


def problems_of(
    error: ValidationError, known: Mapping[str, Key], origins: Mapping[str, str], file: str
) -> list[Problem]:
    """What pydantic found, in our words. `origins` names the variable a path was set by, if one was."""
    return [
        _problem(tuple(str(step) for step in one["loc"]), one["type"], _rule(one), known, origins, file)
        for one in error.errors(include_url=False, include_input=False)
    ]


def _problem(
    place: Sequence[str],
    kind: str,
    rule: str,
    known: Mapping[str, Key],
    origins: Mapping[str, str],
    file: str,
) -> Problem:
    if kind == "unexpected_keyword_argument":
        path = ".".join(place)
        return Problem(origins.get(path, file), path, "there is no such key", advice(path, known))
    if kind in {"dataclass_type", "dataclass_exact_type"}:
        path = ".".join(place)
        return Problem(file, path, "is a section, not a value", f"write it as [{path}] with keys below")
    path, key = _key_of(place, known)
    return Problem(origins.get(path, file), path, rule, key.remedy if key else "see `bridge settings`")


def advice(path: str, known: Mapping[str, Key]) -> str:
    """What to do about a key that does not exist."""
    near = get_close_matches(path, known, n=1, cutoff=0.8)
    return f"remove it, or did you mean {near[0]}?" if near else "remove it; `bridge settings` lists all"


def _key_of(place: Sequence[str], known: Mapping[str, Key]) -> tuple[str, Key | None]:
    """The longest beginning of a place that is a key: the rest says where inside its value."""
    for end in range(len(place), 0, -1):
        path = ".".join(place[:end])
        if path in known:
            return path, known[path]
    return ".".join(place), None


def _rule(error: Mapping[str, object]) -> str:
    context = error.get("ctx")
    own = context.get("error") if isinstance(context, Mapping) else None
    if isinstance(own, ValueError):
        return str(own)
    message = str(error["msg"])
    return message[:1].lower() + message[1:]
