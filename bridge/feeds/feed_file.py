"""A feed file: one table, its mapping, its one way in, and the folder where its position is kept.

The file is TOML and holds no secret: it names the files that hold one. Paths are meant from its folder.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bridge.errors import SettingsError
from bridge.feeds.bounds import section
from bridge.feeds.ways_in import Drop, Poll, Webhook


class FeedFileError(SettingsError):
    """A feed file that cannot be used: file, path, rule and remedy in the text."""


@section
@dataclass(frozen=True, slots=True)
class FeedFile:
    """One feed. `state` is a folder of its own, made if need be, that outlives the process."""

    mapping: Path
    state: Path
    drop: Drop | None = None
    poll: Poll | None = None
    webhook: Webhook | None = None

    def __post_init__(self) -> None:
        if sum(way is not None for way in (self.drop, self.poll, self.webhook)) != 1:
            raise ValueError("needs one way in; write one of [drop], [poll] and [webhook]")


_ADAPTER = TypeAdapter(FeedFile)
_REMEDIES = {"missing": "add it", "unexpected_keyword_argument": "remove it or correct its name"}
_PATHS = {"": ("mapping", "state"), "drop": ("folder",), "poll": ("headers_file",), "webhook": ("key_file",)}


def read(path: Path) -> FeedFile:
    """The feed in the TOML file at `path`, its paths absolute; FeedFileError names every fault at once."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FeedFileError(
            f"{path}: cannot be read ({error.strerror}); give the path of a feed file"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FeedFileError(f"{path}: is not TOML ({error}); correct the file") from error
    for place, names in _PATHS.items():
        table = said.get(place) if place else said
        for name in names:
            if isinstance(table, dict) and isinstance(table.get(name), str):
                table[name] = str((path.parent / table[name]).absolute())
    try:
        return _ADAPTER.validate_python(said)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        lines = (_sentence(path, fault["loc"], fault["type"], fault["msg"]) for fault in faults)
        raise FeedFileError("\n".join(lines)) from None


def _sentence(path: Path, where: tuple[int | str, ...], rule: str, message: str) -> str:
    place = ".".join(str(part) for part in where) or "the file"
    text = message.removeprefix("Value error, ")
    remedy = _REMEDIES.get(rule, "correct it")
    return f"{path}: {place}: {text}" if ";" in text else f"{path}: {place}: {text}; {remedy}"
