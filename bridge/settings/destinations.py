"""Destination files: one TOML file a destination, read into the domain's `Destination`."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bridge.domain.destination import Destination, Precision, Waits
from bridge.domain.ids import NINE_ONE_ONE, DestinationId
from bridge.domain.redaction import ALL_FIELDS
from bridge.errors import SettingsError
from bridge.settings import toml
from bridge.settings.clause_rules import ID_REMEDY, is_built_in, is_id, limits_anything, when_problems
from bridge.settings.hours import hours_problems
from bridge.settings.problems import Problem, raised

_NO_PLACE: Final = "location"


class _DestinationFile(toml.Wrapper):
    destination: Destination


def load_destinations(folder: Path) -> Mapping[DestinationId, Destination]:
    """Every destination of a folder by id, or SettingsError."""
    destinations: dict[DestinationId, Destination] = {}
    files: dict[DestinationId, Path] = {}
    for path in toml.files_in(folder):
        destination = load_destination(path)
        if destination.id in destinations:
            raise SettingsError(f"{path}: id: {destination.id!r} is another file's id; give each its own")
        destinations[destination.id] = destination
        files[destination.id] = path
    if problems := list(_team_problems(destinations, files)):
        raise raised(problems)
    return destinations


def load_destination(path: Path) -> Destination:
    """One destination, or SettingsError that tells everything wrong with its file."""
    file = toml.read(path)
    written = {name: value for name, value in file.tree.items() if name != "holidays"}
    if faults := list(toml.hours_faults(file)):
        raise raised(faults)
    hours = written.get("hours")
    zone = hours.get("timezone") if isinstance(hours, dict) else None
    tree = toml.with_hours(written, zone, file.tree.get("holidays"))
    try:
        destination = _DestinationFile.model_validate({"destination": tree}).destination
    except ValidationError as error:
        raise toml.refused(file, error) from None
    if problems := list(_problems(file, destination)):
        raise raised(problems)
    return destination


def _problems(file: toml.File, destination: Destination) -> Iterator[Problem]:
    for name in ("id", "name", "channel", "address"):
        if not getattr(destination, name).strip():
            yield file.problem(name, "is empty", "write something that names it")
    if destination.id == NINE_ONE_ONE:
        yield file.problem("id", "is the holder's name for 911 itself", "choose another")
    unknown = sorted(destination.privacy.fields - ALL_FIELDS)
    for name in unknown:
        yield file.problem("privacy.fields", f"{name!r} is no field", f"use {', '.join(sorted(ALL_FIELDS))}")
    listed, precise = _NO_PLACE in destination.privacy.fields, destination.privacy.location
    if listed is (precise is Precision.NONE):
        rule = f"fields and location = {precise.value!r} contradict each other"
        yield file.problem("privacy", rule, "list 'location' and say how exact, or neither")
    if not destination.kinds:
        yield file.problem("kinds", "is empty", "list 'voice', 'data' or both")
    for wait in fields(Waits):
        if not 0 < getattr(destination.waits, wait.name) <= 7 * 86_400:
            yield file.problem(f"waits.{wait.name}", "is not a wait", "write seconds above 0, a week at most")
    yield from hours_problems(file, "hours", destination.hours)
    if destination.capacity is not None and destination.capacity < 1:
        yield file.problem("capacity", "is below 1", "write how many calls it can have at once")
    if destination.expected_wait is not None and destination.expected_wait < 0:
        yield file.problem("expected_wait", "is below 0", "write seconds")
    if destination.heartbeat_seconds is not None and destination.heartbeat_seconds <= 0:
        yield file.problem("heartbeat_seconds", "is not above 0", "write seconds, or leave it out")
    for number, window in enumerate(destination.away):
        place = f"away[{number}]"
        if window.begins.tzinfo is None or window.ends.tzinfo is None:
            yield file.problem(place, "has a time without an offset", "write 2026-03-02T07:00:00-06:00")
        elif window.begins >= window.ends:
            yield file.problem(place, "ends before it begins", "exchange the two")
    yield from _acceptance_problems(file, destination)


def _team_problems(
    destinations: Mapping[DestinationId, Destination], files: Mapping[DestinationId, Path]
) -> Iterator[Problem]:
    """Teams are destinations of their own, and none has teams itself."""
    for group in destinations.values():
        for number, team in enumerate(group.teams):
            file, place = toml.read(files[group.id]), f"teams[{number}]"
            if team == group.id:
                yield file.problem(place, "is the destination itself", "list those who are told")
            elif team not in destinations:
                yield file.problem(place, f"{team!r} is no destination", "describe it in a file of its own")
            elif destinations[team].teams:
                yield file.problem(place, f"{team!r} has teams itself", "list these instead")
            elif team in group.teams[:number]:
                yield file.problem(place, f"{team!r} stands there twice", "remove one")


def _acceptance_problems(file: toml.File, destination: Destination) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, clause in enumerate(destination.accepts):
        place = f"accepts[{number}]"
        if is_built_in(clause.id):
            yield file.problem(f"{place}.id", f"{clause.id!r} is a built-in clause", "choose another")
        elif clause.id.strip() and not is_id(clause.id):
            yield file.problem(f"{place}.id", f"{clause.id!r} is no id", ID_REMEDY)
        if not limits_anything(clause):
            yield file.problem(place, "limits nothing", "write a condition, `needs` or `never`")
        for name in ("id", "sentence", "signed_by"):
            if not getattr(clause, name).strip():
                yield file.problem(f"{place}.{name}", "is empty", "write it; somebody agreed to this")
        if clause.id in seen:
            yield file.problem(f"{place}.id", f"{clause.id!r} is another clause's id", "give each its own")
        seen.add(clause.id)
        for name in ("destinations", "scopes", "areas"):
            if getattr(clause, name):
                rule = "belongs to a policy, not to a destination"
                yield file.problem(f"{place}.{name}", rule, "remove it")
        for at, when in ((place, clause), (f"{place}.never", clause.never)):
            if when is None:
                continue
            if when.by_narrative or when.unless_words or when.typed or when.waiting_minutes is not None:
                rule = "asks for words, typed codes or a wait, which only a policy knows"
                yield file.problem(at, rule, "write a [[limit]] with `destinations` in the policy")
            yield from when_problems(file, at, when, ())
