"""What a settings key says of itself: a sentence, a unit, a remedy, and whether its value is a secret.

The keys are the fields of the sections' dataclasses; this file only reads them. It does not know
where a value comes from.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, get_args, get_origin, get_type_hints


def never(_: str) -> bool:
    """For a value that anybody may read."""
    return False


def always(_: str) -> bool:
    """For a value that is a secret whatever it is."""
    return True


@dataclass(frozen=True, slots=True)
class Says:
    """Stands in a field's `Annotated`: what the key means, in a sentence, and how to put it right.

    `secret` is told a value and says whether it must not stand in a settings file. A key that can be
    secret has a second key, `<key>_file`, that names a file holding the value.
    """

    sentence: str
    unit: str = ""
    remedy: str = ""
    secret: Callable[[str], bool] = never


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the settings: its place, its type, its default and what it says of itself."""

    place: tuple[str, ...]
    kind: object
    default: object
    says: Says

    @property
    def path(self) -> str:
        """As people write it: `kafka.topics.returns`."""
        return ".".join(self.place)

    @property
    def variable(self) -> str:
        """The environment variable that sets it: `BRIDGE_KAFKA__TOPICS__RETURNS`."""
        return "BRIDGE_" + "__".join(self.place).upper()

    @property
    def is_path(self) -> bool:
        """Whether the value names a file or a folder."""
        return self.kind is Path or Path in get_args(self.kind)

    @property
    def can_be_secret(self) -> bool:
        """Whether some value of this key must not stand in a settings file."""
        return self.says.secret is not never

    @property
    def remedy(self) -> str:
        """How to put a wrong value right."""
        if self.says.remedy:
            return self.says.remedy
        unit = f" {self.says.unit}" if self.says.unit else ""
        return f"remove it to get the default, {self.default}{unit}"


def keys(section: type, place: tuple[str, ...] = ()) -> Iterator[Key]:
    """Every key of a section's dataclass and of the sections in it, in the order they are written."""
    hints = get_type_hints(section, include_extras=True)
    for field in fields(section):
        kind, says = _read(hints[field.name])
        here = (*place, field.name)
        if isinstance(kind, type) and is_dataclass(kind):
            yield from keys(kind, here)
        else:
            yield Key(here, kind, _default(field), says)


def _read(hint: object) -> tuple[object, Says]:
    if get_origin(hint) is not Annotated:
        return hint, Says("")
    kind, *rest = get_args(hint)
    return kind, next((extra for extra in rest if isinstance(extra, Says)), Says(""))


def _default(field: "Field[object]") -> object:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else None
