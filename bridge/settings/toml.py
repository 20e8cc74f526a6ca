"""A TOML file of one kind of thing, read into the domain's own frozen dataclasses.

Unknown keys are refused, every problem is told at once, with file, path, rule and remedy. These files
hold no secrets, so a name that is wrong may be repeated.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bridge.errors import SettingsError
from bridge.settings.problems import Problem, raised

_WEEKDAYS: Mapping[str, int] = {
    day: number for number, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}

_REMEDIES: Mapping[str, str] = {
    "missing": "add it",
    "unexpected_keyword_argument": "remove it, or correct its spelling",
    "extra_forbidden": "remove it, or correct its spelling",
    "enum": "write one of those",
    "literal_error": "write one of those",
}


_CLAUSE = re.compile(r"(\w+)\[(\d+)\]")
_MEMBER = re.compile(r"<\w+\.\w+: '([^']*)'>")
"""How pydantic shows a member of an enum; people write the value."""


class Wrapper(BaseModel):
    """A pydantic model of one field: its configuration reaches the plain dataclasses below it.

    What checks is built when a file is first read, because that takes a while.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)


@dataclass(frozen=True, slots=True)
class File:
    """A parsed file and the hash that names its content.

    In a `merged` one the clauses of several files stand in one list, so that a clause goes by its id.
    """

    path: Path
    tree: dict[str, Any]
    digest: str
    merged: bool = False

    def problem(self, place: str, rule: str, remedy: str) -> Problem:
        """One thing that is wrong in this file."""
        return Problem(str(self.path), self._by_id(place) if self.merged else place, rule, remedy)

    def _by_id(self, place: str) -> str:
        """`scope[2].route` as `scope 'welfare'.route`, if the clause has an id of its own."""
        found = _CLAUSE.match(place)
        clauses = self.tree.get(found[1]) if found else None
        if not found or not isinstance(clauses, list):
            return place
        names = [clause.get("id") if isinstance(clause, dict) else None for clause in clauses]
        name = names[int(found[2])]
        own = isinstance(name, str) and name.strip() and names.count(name) == 1
        return f"{found[1]} {name!r}{place[found.end() :]}" if own else place


def files_in(folder: Path) -> Sequence[Path]:
    """The TOML files of a folder by name, or SettingsError when there is no such folder."""
    if not folder.is_dir():
        raise SettingsError(f"{folder}: is not a folder; name the folder that holds the TOML files")
    return sorted(folder.glob("*.toml"))


def read(path: Path) -> File:
    """The file as a tree. `digest` is the first 16 hex digits of the SHA-256 of its bytes."""
    try:
        content = path.read_bytes()
        tree = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); name a file that exists") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not TOML ({error}); correct it there") from None
    return File(path, tree, hashlib.sha256(content).hexdigest()[:16])


def refused(file: File, error: ValidationError) -> SettingsError:
    """What pydantic found wrong with a wrapped file, in our words, a line each."""
    return raised(
        file.problem(
            place_of(one["loc"][1:]),
            _MEMBER.sub(r"'\1'", _lower(str(one["msg"]))),
            _REMEDIES.get(one["type"], "correct it"),
        )
        for one in error.errors(include_url=False, include_input=False)
    )


def place_of(steps: Iterable[str | int]) -> str:
    """`scope[2].route[0]`, counted from 0."""
    place = ""
    for step in steps:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    return place.removeprefix(".")


def hours_faults(file: File, value: object = None, place: str = "") -> Iterator[Problem]:
    """Days and times of day that are none, wherever hours are written."""
    value = file.tree if value is None else value
    for step, below in enumerate(value) if isinstance(value, list) else ():
        yield from hours_faults(file, below, f"{place}[{step}]")
    for name, below in value.items() if isinstance(value, dict) else ():
        here = f"{place}.{name}".removeprefix(".")
        if name == "hours" and isinstance(below, dict):
            spans = below.get("spans")
            for number, span in enumerate(spans if isinstance(spans, list) else ()):
                yield from _span_faults(file, f"{here}.spans[{number}]", span)
        elif isinstance(below, dict | list):
            yield from hours_faults(file, below, here)


def _span_faults(file: File, place: str, span: object) -> Iterator[Problem]:
    if not isinstance(span, dict):
        return
    days = span.get("days")
    for number, day in enumerate(days if isinstance(days, list) else ()):
        if day not in _WEEKDAYS:
            rule = f"{day!r} is no weekday"
            yield file.problem(f"{place}.days[{number}]", rule, f"write one of {', '.join(_WEEKDAYS)}")
    for name in ("opens", "closes"):
        if name in span and not isinstance(span[name], time):
            yield file.problem(f"{place}.{name}", "is no time of day", "write it as 07:00:00, without quotes")


def with_hours(value: object, timezone: str | None = None, holidays: object = None) -> Any:
    """The value with all `hours` in it, however deep, as `with_weekdays` turns them."""
    if isinstance(value, list):
        return [with_hours(each, timezone, holidays) for each in value]
    if not isinstance(value, dict):
        return value
    turn = {True: with_weekdays, False: with_hours}
    return {name: turn[name == "hours"](each, timezone, holidays) for name, each in value.items()}


def with_weekdays(hours: object, timezone: str | None = None, holidays: object = None) -> object:
    """Opening hours with days by name (`mon` ... `sun`) turned into numbers, and a default time zone.

    Closed on `holidays` unless they say `holidays = "open"`. What is not of that shape is left as it is, for
    validation to refuse.
    """
    if not isinstance(hours, dict):
        return hours
    spans = hours.get("spans")
    turned = [_with_numbers(span) for span in spans] if isinstance(spans, list) else spans
    default: dict[str, object] = {} if timezone is None else {"timezone": timezone}
    if hours.get("holidays") == "open":
        hours = {name: value for name, value in hours.items() if name != "holidays"}
    elif holidays:
        default |= {"closed_on": holidays}
    return default | hours | ({} if spans is None else {"spans": turned})


def _with_numbers(span: object) -> object:
    if not isinstance(span, dict) or not isinstance(span.get("days"), list):
        return span
    return span | {"days": [_WEEKDAYS.get(day, day) if isinstance(day, str) else day for day in span["days"]]}


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
