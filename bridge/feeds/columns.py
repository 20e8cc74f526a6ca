"""What the sections of a mapping file say: which column speaks of a field, and how its cells read.

Each is frozen and refuses, when it is made, what could never read a cell. A column that is not named is "",
and says nothing. Nothing here knows a row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, with_config

from bridge.domain.cad import Channel, UnitStatus

_SOME_TIME = datetime(2018, 1, 9, 9, 26, tzinfo=UTC)
_section = with_config(ConfigDict(extra="forbid"))


@_section
@dataclass(frozen=True, slots=True)
class TimeColumn:
    """When the row happened: one `strptime` format or several, and the zone of times that carry no offset.

    Where the time of day stands in a column of its own, that column is `clock`; `clock_pattern` says where
    in its cell, if there is more. Without a `column` the day is the one of the reading.
    """

    column: str
    format: str | tuple[str, ...]
    timezone: str
    clock: str = ""
    clock_format: str = "%H:%M:%S"
    clock_pattern: str = ".+"

    def __post_init__(self) -> None:
        if not self.column and not self.clock:
            raise ValueError("names neither column nor clock; name one of them")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("no such time zone; name one such as 'America/Chicago'") from error
        for written in (*self.formats, self.clock_format):
            _readable(written)
        _compiled("clock_pattern", self.clock_pattern)

    @property
    def formats(self) -> tuple[str, ...]:
        """Every format, in the order in which they are tried."""
        return (self.format,) if isinstance(self.format, str) else self.format

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that tell the time."""
        return tuple(column for column in (self.column, self.clock) if column)


@_section
@dataclass(frozen=True, slots=True)
class CallTypeColumn:
    """The call type. `split` is a regular expression with the groups `code`, `text`, `determinant`.

    A cell that does not match is kept whole as the code. `codes` are other spellings of a code, and `texts`
    are the words for it; a cell whose code was another spelling stays as the text.
    """

    column: str
    split: str = "(?P<code>.+)"
    codes: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        groups = set(_compiled("split", self.split).groupindex)
        if "code" not in groups or groups - {"code", "text", "determinant"}:
            raise ValueError(
                "split needs the group 'code' and may have 'text' and 'determinant'; name them so"
            )


@_section
@dataclass(frozen=True, slots=True)
class ChannelColumn:
    """The way in. A code that `values` does not know is an unknown channel; an empty cell is the feed's."""

    column: str
    values: Mapping[str, Channel]


@_section
@dataclass(frozen=True, slots=True)
class PriorityColumn:
    """The priority. `values` translates codes; a code it does not know is read as a number if it is one."""

    column: str
    values: Mapping[str, int] = field(default_factory=dict)


@_section
@dataclass(frozen=True, slots=True)
class UnitColumns:
    """The unit that a row is about, where a table has one row per unit.

    A cell that does not match `pattern` names no unit. In a `log` each row is a status at a time, so that the
    row's time is the unit's, and the same row again says nothing; else it is the unit's state at present.
    """

    column: str
    status: str = ""
    kind: str = ""
    statuses: Mapping[str, UnitStatus] = field(default_factory=dict)
    pattern: str = ".+"
    log: bool = False

    def __post_init__(self) -> None:
        _compiled("pattern", self.pattern)


@_section
@dataclass(frozen=True, slots=True)
class UnitLists:
    """Columns whose cells list units, by what the units in them did.

    `entry` is a regular expression with the groups `unit` and, where each entry has its own time of day,
    `clock`; else `clock` names the column with the time of them all.
    """

    statuses: Mapping[str, UnitStatus]
    separator: str = ","
    entry: str = "(?P<unit>.+)"
    clock: str = ""
    clock_format: str = "%H:%M:%S"

    def __post_init__(self) -> None:
        groups = set(_compiled("entry", self.entry).groupindex)
        if "unit" not in groups or groups - {"unit", "clock"}:
            raise ValueError("entry needs the group 'unit' and may have 'clock'; name them so")
        if not self.separator:
            raise ValueError("separator is empty; write what stands between two units")
        _readable(self.clock_format)


@_section
@dataclass(frozen=True, slots=True)
class LocationColumns:
    """The place. `text` columns are joined by a space; `civic` maps PIDF-LO names to columns.

    `constants` are civic elements every row shares, such as `A3 = "Dallas"`.
    """

    text: tuple[str, ...] = ()
    district: str = ""
    latitude: str = ""
    longitude: str = ""
    uncertainty_m: str = ""
    civic: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@_section
@dataclass(frozen=True, slots=True)
class CodeColumn:
    """Which cells of which column say that it is so."""

    column: str
    values: tuple[str, ...]


@_section
@dataclass(frozen=True, slots=True)
class YesNoColumn:
    """Which cells of a column are a yes and which a no. Any other cell is no answer."""

    column: str
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if set(self.yes) & set(self.no):
            raise ValueError("a code is both yes and no; keep it in one of them")


@_section
@dataclass(frozen=True, slots=True)
class AnswerColumn(YesNoColumn):
    """A coded field: a question's answer, a drop-down, a colour, a level. Its code is kept as it is."""

    question: str = field(kw_only=True)


@_section
@dataclass(frozen=True, slots=True)
class CallerColumns:
    """What the row says of the caller."""

    name: str = ""
    age: str = ""
    language: str = ""
    first_party: YesNoColumn | None = None
    on_the_line: YesNoColumn | None = None
    consent: YesNoColumn | None = None
    wants_police: YesNoColumn | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are named."""
        coded = (self.first_party, self.on_the_line, self.consent, self.wants_police)
        return (self.name, self.age, self.language, *(part.column for part in coded if part))


@_section
@dataclass(frozen=True, slots=True)
class OutcomeColumns:
    """What became known after the call was taken: it is told as an event of its own, after the row's first.

    A table of past calls has both in one row. Whatever of these is said `closes` the incident, or changes it.
    """

    call_type: CallTypeColumn | None = None
    disposition: str = ""
    closes: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are named."""
        kind = (self.call_type.column,) if self.call_type else ()
        return tuple(column for column in (*kind, self.disposition) if column)


def _readable(written: str) -> None:
    try:
        datetime.strptime(_SOME_TIME.strftime(written), written)
    except ValueError as error:
        raise ValueError(
            f"format {written!r} reads no time; write it for strptime, as '%Y-%m-%d %H:%M:%S'"
        ) from error


def _compiled(name: str, expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise ValueError(f"{name} is no regular expression ({error}); correct it") from error
