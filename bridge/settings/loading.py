"""One settings file, then the environment over it, then the rules: the only place that reads either.

The environment wins. A secret comes from the environment or from a file of its own, never from the
settings file, because that file is shown, copied and kept in repositories.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bridge.errors import SettingsError
from bridge.settings.key import Key, keys
from bridge.settings.problems import Problem, advice, problems_of, raised
from bridge.settings.rules import broken_rules
from bridge.settings.sections import Settings

FILE = "bridge.toml"

_ADAPTER = TypeAdapter(Settings)

_KEYS: Mapping[str, Key] = {key.path: key for key in keys(Settings)}
_BY_VARIABLE: Mapping[str, Key] = {key.variable: key for key in _KEYS.values()}


@dataclass(slots=True)
class _Draft:
    """Settings on their way: raw values by path, who said them, and what is wrong so far."""

    file: str
    folder: Path
    tree: dict[str, object]
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def get(self, place: tuple[str, ...]) -> object:
        """The raw value at a place, or None."""
        node: object = self.tree
        for step in place:
            node = node.get(step) if isinstance(node, dict) else None
        return node

    def put(self, place: tuple[str, ...], value: object) -> None:
        """Set a raw value; a section that is not a table is left for validation to refuse."""
        node = self.tree
        for step in place[:-1]:
            below = node.setdefault(step, {})
            if not isinstance(below, dict):
                return
            node = below
        node[place[-1]] = value

    def drop(self, place: tuple[str, ...]) -> None:
        """Forget a raw value."""
        above = self.get(place[:-1])
        if isinstance(above, dict):
            above.pop(place[-1], None)

    def refuse(self, path: str, rule: str, remedy: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.origins.get(path, self.file), path, rule, remedy))


def find(config: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The settings file in use: the one asked for, else $BRIDGE_CONFIG, else ./bridge.toml, else none."""
    if config is not None:
        return config
    if named := environ.get("BRIDGE_CONFIG"):
        return Path(named)
    return Path(FILE) if Path(FILE).is_file() else None


def load(config: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings. Paths come back resolved against the file's folder, secrets read from their files.

    `environ` is the process's own unless given. SettingsError names every problem, a line each.
    """
    environ = os.environ if environ is None else environ
    file = find(config, environ)
    draft = _Draft(file.name if file else "settings", file.parent if file else Path(), _read(file))
    _refuse_secrets_in_the_file(draft)
    _overlay(draft, environ)
    _resolve_paths(draft)
    _read_secret_files(draft)
    try:
        settings = _ADAPTER.validate_python(draft.tree)
    except ValidationError as error:
        draft.problems += problems_of(error, _KEYS, draft.origins, draft.file)
        raise raised(draft.problems) from None
    for path, rule, remedy in broken_rules(settings):
        draft.refuse(path, rule, remedy)
    if draft.problems:
        raise raised(draft.problems)
    return settings


def debugging(environ: Mapping[str, str] | None = None) -> bool:
    """Whether $BRIDGE_DEBUG asks for tracebacks, which may show callers' words."""
    return (os.environ if environ is None else environ).get("BRIDGE_DEBUG", "") not in {"", "0"}


def _read(file: Path | None) -> dict[str, object]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror}); name a file that exists") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: is not TOML ({error}); correct it there") from None


def _refuse_secrets_in_the_file(draft: _Draft) -> None:
    for key in _KEYS.values():
        value = draft.get(key.place)
        if key.can_be_secret and value is not None and key.says.secret(str(value)):
            other = f"{key.path}_file"
            ways = f"{key.variable} or {other}" if other in _KEYS else key.variable
            draft.refuse(key.path, "a secret must not stand in this file", f"take it out and set {ways}")
            draft.drop(key.place)


def _overlay(draft: _Draft, environ: Mapping[str, str]) -> None:
    """Variables over the file. An empty one counts as not set; names without `__` are not ours to judge."""
    for name, value in environ.items():
        if not (name.startswith("BRIDGE_") and "__" in name and value):
            continue
        key = _BY_VARIABLE.get(name)
        if key is None:
            path = name.removeprefix("BRIDGE_").lower().replace("__", ".")
            draft.problems.append(Problem(name, "", f"there is no key {path}", advice(path, _KEYS)))
            continue
        draft.put(key.place, value)
        draft.origins[key.path] = name


def _resolve_paths(draft: _Draft) -> None:
    """A path is meant from the folder of the file that says it; from a variable, from where we are."""
    for key in _KEYS.values():
        if not key.is_path:
            continue
        value = draft.get(key.place) or key.default
        if isinstance(value, (str, Path)):
            folder = Path() if key.path in draft.origins else draft.folder
            draft.put(key.place, (folder / value).absolute())


def _read_secret_files(draft: _Draft) -> None:
    for key in _KEYS.values():
        named = draft.get((*key.place[:-1], f"{key.place[-1]}_file"))
        if not (key.can_be_secret and isinstance(named, Path)):
            continue
        file_key = f"{key.path}_file"
        if key.path in draft.origins and file_key in draft.origins:
            draft.refuse(file_key, f"{key.variable} is set as well", "set one of the two")
        elif key.path not in draft.origins:
            try:
                draft.put(key.place, named.read_text(encoding="utf-8").strip())
            except (OSError, UnicodeDecodeError):
                draft.refuse(file_key, "the file cannot be read", "name a text file this user may read")
