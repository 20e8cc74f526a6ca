"""Every key, told for people: for `bridge settings`, for the documents, for the tests that compare them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bridge.settings.key import Key, keys
from bridge.settings.sections import Settings

_HEAD = """\
# Settings of the bridge. Each line that is commented out shows a default.
# A variable BRIDGE_<SECTION>__<KEY> wins over this file (BRIDGE_KAFKA__TOPICS__RETURNS, for one).
# Secrets never stand here: set them by their variable, or name a file of their own with <key>_file.
# Paths are meant from the folder of this file.
"""


@dataclass(frozen=True, slots=True)
class Described:
    """One key as people need to know it. `default` is written as in TOML, or is empty when there is none."""

    path: str
    variable: str
    default: str
    unit: str
    sentence: str
    secret: bool


def describe() -> Iterator[Described]:
    """Every key, in the order of the file."""
    for key in keys(Settings):
        says = key.says
        yield Described(
            key.path, key.variable, _toml(key.default), says.unit, says.sentence, key.can_be_secret
        )


def example() -> str:
    """A settings file that says every key and its default, all commented out."""
    lines = [_HEAD]
    section: tuple[str, ...] = ()
    for key in keys(Settings):
        if key.place[:-1] != section:
            section = key.place[:-1]
            lines.append(f"\n[{'.'.join(section)}]\n")
        lines += _lines(key)
    return "".join(lines)


def _lines(key: Key) -> Iterator[str]:
    says, name = key.says, key.place[-1]
    unit = f" ({says.unit})" if says.unit else ""
    yield f"# {says.sentence}{unit}\n"
    if key.default is not None:
        yield f"# {name} = {_toml(key.default)}\n"
    elif key.can_be_secret:
        yield f"# {key.variable} in the environment\n"
    else:
        yield f'# {name} = ""\n'


def _toml(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return f'"{value}"' if isinstance(value, (str, Path)) else str(value)
