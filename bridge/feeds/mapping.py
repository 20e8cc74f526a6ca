"""A mapping: which column of a table says which field of a CAD event, and how its codes read.

The file is TOML, one per feed. A mapping that cannot work is refused when it is read, with the file,
the path, the rule and the remedy; a cell that cannot be read is `rows`' affair and never an error.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from bridge.domain.cad import Channel, UnitStatus
from bridge.domain.ids import AgencyId
from bridge.errors import SettingsError

_SOME_TIME = datetime(2018, 1, 9, 9, 26, tzinfo=UTC)


class MappingError(SettingsError):
    """A mapping file, or a table that does not fit it."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class TimeColumn:
    """When the row happened: a `strptime` format, and the zone of times that carry no offset."""

    column: str
    format: str
    timezone: str

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("no such time zone; name one such as 'America/Chicago'") from error
        try:
            datetime.strptime(_SOME_TIME.strftime(self.format), self.format)
        except ValueError as error:
            raise ValueError("format reads no time; write it for strptime, as '%Y-%m-%d %H:%M:%S'") from error


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class CallTypeColumn:
    """The call type. `split` is a regular expression with the groups `code`, `text`, `determinant`.

    A cell that does not match is kept whole as the code.
    """

    column: str
    split: str = "(?P<code>.+)"

    def __post_init__(self) -> None:
        try:
            groups = set(re.compile(self.split).groupindex)
        except re.error as error:
            raise ValueError(f"split is no regular expression ({error}); correct it") from error
        if "code" not in groups or groups - {"code", "text", "determinant"}:
            raise ValueError(
                "split needs the group 'code' and may have 'text' and 'determinant'; name them so"
            )


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class PriorityColumn:
    """The priority. `values` translates codes; a code it does not know is read as a number if it is one."""

    column: str
    values: Mapping[str, int] = field(default_factory=dict)


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class UnitColumns:
    """The unit that a row is about, where a table has one row per unit."""

    column: str
    status: str = ""
    kind: str = ""
    statuses: Mapping[str, UnitStatus] = field(default_factory=dict)


@with_config(ConfigDict(extra="forbid"))
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


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class ClosedColumn:
    """Which cells of which column say that the incident is over."""

    column: str
    values: tuple[str, ...]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class FeedMapping:
    """One table of one agency. `incident` is the key column: rows that share it are one incident.

    `unsaid` lists cells that mean "nothing is said here", beside the empty cell.
    """

    agency: AgencyId
    incident: str
    time: TimeColumn
    channel: Channel = Channel.UNKNOWN
    unsaid: tuple[str, ...] = ()
    call_type: CallTypeColumn | None = None
    priority: PriorityColumn | None = None
    unit: UnitColumns | None = None
    location: LocationColumns | None = None
    closed: ClosedColumn | None = None
    callback: str = ""
    note: str = ""
    disposition: str = ""

    @property
    def unit_columns(self) -> tuple[str, ...]:
        """Columns that speak of the row's unit, not of the incident."""
        if self.unit is None:
            return ()
        return tuple(column for column in (self.unit.column, self.unit.status, self.unit.kind) if column)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the mapping reads, once."""
        columns = [self.incident, self.time.column, self.callback, self.note, self.disposition]
        columns += [part.column for part in (self.call_type, self.priority, self.closed) if part]
        if place := self.location:
            columns += [*place.text, *place.civic.values()]
            columns += [place.district, place.latitude, place.longitude, place.uncertainty_m]
        return tuple(dict.fromkeys(column for column in (*columns, *self.unit_columns) if column))


_ADAPTER = TypeAdapter(FeedMapping)
_REMEDIES = {"missing": "add it", "unexpected_keyword_argument": "remove it or correct its name"}


def read(path: Path) -> FeedMapping:
    """The mapping in the TOML file at `path`; MappingError names every fault in it at once."""
    try:
        return _ADAPTER.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise MappingError(
            f"{path}: cannot be read ({error.strerror}); give the path of a mapping file"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: is not TOML ({error}); correct the file") from error
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise MappingError(
            "\n".join(_sentence(path, fault["loc"], fault["type"], fault["msg"]) for fault in faults)
        ) from error


def _sentence(path: Path, where: tuple[int | str, ...], rule: str, message: str) -> str:
    place = ".".join(str(part) for part in where) or "the file"
    remedy = _REMEDIES.get(rule, "correct the value")
    text = message.removeprefix("Value error, ")
    return f"{path}: {place}: {text}" if ";" in text else f"{path}: {place}: {text}; {remedy}"
