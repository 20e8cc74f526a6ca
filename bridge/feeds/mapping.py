"""A mapping: which column of a table says which field of a CAD event, and how its codes read.

The file is TOML, one per table layout. A mapping that cannot work is refused when it is read, with the file,
the path, the rule and the remedy; a cell that cannot be read is `rows`' affair and never an error.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from bridge.domain.cad import Channel
from bridge.domain.ids import AgencyId
from bridge.errors import SettingsError
from bridge.feeds.columns import (
    AnswerColumn,
    CallerColumns,
    CallTypeColumn,
    ChannelColumn,
    CodeColumn,
    LocationColumns,
    OutcomeColumns,
    PriorityColumn,
    TimeColumn,
    UnitColumns,
    UnitLists,
)


class MappingError(SettingsError):
    """A mapping file, or a table that does not fit it."""


@with_config(ConfigDict(extra="forbid", defer_build=True))
@dataclass(frozen=True, slots=True)
class FeedMapping:
    """One table of one agency. `incident` is the key column: rows that share it are one incident.

    `unsaid` lists cells that mean "nothing is said here", beside the empty cell, and `unsaid_pattern` is a
    regular expression for more of them. `channel` is the way in where no column tells it.
    """

    agency: AgencyId
    incident: str
    time: TimeColumn
    channel: Channel = Channel.UNKNOWN
    unsaid: tuple[str, ...] = ()
    unsaid_pattern: str = ""
    channel_codes: ChannelColumn | None = None
    call_type: CallTypeColumn | None = None
    priority: PriorityColumn | None = None
    unit: UnitColumns | None = None
    unit_lists: UnitLists | None = None
    location: LocationColumns | None = None
    caller: CallerColumns | None = None
    answers: tuple[AnswerColumn, ...] = ()
    closed: CodeColumn | None = None
    outcome: OutcomeColumns | None = None
    practice: CodeColumn | None = None
    callback: str = ""
    note: str | tuple[str, ...] = ()
    disposition: str = ""

    def __post_init__(self) -> None:
        try:
            re.compile(self.unsaid_pattern)
        except re.error as error:
            raise ValueError(f"unsaid_pattern is no regular expression ({error}); correct it") from error

    @property
    def notes(self) -> tuple[str, ...]:
        """The columns that hold remarks."""
        return (self.note,) if isinstance(self.note, str) else self.note

    @property
    def of_unit(self) -> frozenset[str]:
        """Columns that speak of the row's unit, not of the incident."""
        if self.unit is None:
            return frozenset()
        columns = {self.unit.column, self.unit.status, self.unit.kind}
        return frozenset(columns | set(self.time.columns if self.unit.log else ())) - {""}

    @property
    def of_lists(self) -> frozenset[str]:
        """Columns that list units, and the one with their time."""
        return (
            frozenset((*self.unit_lists.statuses, self.unit_lists.clock)) - {""}
            if self.unit_lists
            else frozenset()
        )

    @property
    def of_outcome(self) -> frozenset[str]:
        """Columns that say what became known in the end."""
        return frozenset(self.outcome.columns) if self.outcome else frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the mapping reads, once."""
        columns = [self.incident, *self.time.columns, self.callback, *self.notes, self.disposition]
        parts = (self.call_type, self.channel_codes, self.priority, self.closed, self.practice, *self.answers)
        columns += [part.column for part in parts if part]
        if place := self.location:
            columns += [*place.text, *place.civic.values()]
            columns += [place.district, place.latitude, place.longitude, place.uncertainty_m]
        columns += [
            *(self.caller.columns if self.caller else ()),
            *(self.outcome.columns if self.outcome else ()),
        ]
        if self.unit:
            columns += [self.unit.column, self.unit.status, self.unit.kind]
        if self.unit_lists:
            columns += [*self.unit_lists.statuses, self.unit_lists.clock]
        return tuple(dict.fromkeys(column for column in columns if column))


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
