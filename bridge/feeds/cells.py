"""Cells of one row, read into the values of a CAD event.

Whatever a cell holds, nothing here raises: a cell that is not a time, a number or a known code is left
unsaid, and the code itself is kept where the event has room for it.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from bridge.domain.cad import (
    Answer,
    Caller,
    CallType,
    Channel,
    CodedAnswer,
    Location,
    Note,
    Unit,
    UnitStatus,
)
from bridge.feeds.columns import CallTypeColumn, YesNoColumn
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.times import Times
from bridge.wire.determinants import normalise_determinant

_REMEMBERED = 10_000
_SMALL_NUMBER = re.compile("[0-9]{1,4}")
_OLDEST = 130

Said = Mapping[str, str]
"""The cells of a row that say something, by column."""
Listed = tuple[tuple[str, str, str], Unit]
"""A unit of a list, under what was written of it: its column, its entry, and the time of them all."""


class Cells:
    """Reads the cells of one mapping's rows. What repeats from row to row is read once."""

    def __init__(self, mapping: FeedMapping) -> None:
        self.times = Times(mapping.time)
        self._mapping, self._columns = mapping, mapping.columns
        self._unsaid = frozenset(("", *mapping.unsaid))
        self._filler = re.compile(mapping.unsaid_pattern) if mapping.unsaid_pattern else None
        outcome = mapping.outcome.call_type if mapping.outcome else None
        self._type, self._final_type = _type_reader(mapping.call_type), _type_reader(outcome)
        self._unit_name = re.compile(mapping.unit.pattern if mapping.unit else "")
        self._entry = re.compile(mapping.unit_lists.entry if mapping.unit_lists else "")

    def said(self, row: Mapping[str, str]) -> dict[str, str]:
        """The mapped cells that say something, trimmed, as text that any later store can hold."""
        said = {}
        for column in self._columns:
            cell = _text(row.get(column))
            if cell not in self._unsaid and not (self._filler and self._filler.fullmatch(cell)):
                said[column] = cell
        return said

    def call_type(self, said: Said) -> CallType | None:
        """The type, split as the mapping says, or whole."""
        column = self._mapping.call_type
        return self._type(said.get(column.column, "")) if column else None

    def final_type(self, said: Said) -> CallType | None:
        """The type as it was in the end."""
        column = self._mapping.outcome.call_type if self._mapping.outcome else None
        return self._final_type(said.get(column.column, "")) if column else None

    def channel(self, said: Said) -> tuple[Channel, str]:
        """The way in, and its code."""
        column = self._mapping.channel_codes
        code = said.get(column.column, "") if column else ""
        if not column or not code:
            return self._mapping.channel, ""
        return column.values.get(code, Channel.UNKNOWN), code

    def priority(self, said: Said) -> tuple[int | None, str]:
        """The mapped priority, or the cell's own number, and the cell."""
        column = self._mapping.priority
        code = said.get(column.column, "") if column else ""
        if column and code in column.values:
            return column.values[code], code
        return (int(code) if _SMALL_NUMBER.fullmatch(code) else None), code

    def location(self, said: Said) -> Location | None:
        """The place, or None when the row says nothing of it (constants alone are no place)."""
        columns = self._mapping.location
        if columns is None:
            return None
        text = " ".join(said[column] for column in columns.text if column in said)
        civic = {name: said[column] for name, column in columns.civic.items() if column in said}
        district = said.get(columns.district, "")
        latitude = degrees(said.get(columns.latitude, ""), 90)
        longitude = degrees(said.get(columns.longitude, ""), 180)
        known_point = latitude is not None and longitude is not None
        if not (text or civic or district or known_point):
            return None
        return Location(
            civic={**columns.constants, **civic},
            text=text,
            district=district,
            latitude=latitude if known_point else None,
            longitude=longitude if known_point else None,
            uncertainty_m=degrees(said.get(columns.uncertainty_m, ""), 1e6) if known_point else None,
        )

    def caller(self, said: Said) -> Caller | None:
        """What is known of the caller, or None when the row says nothing of it."""
        columns = self._mapping.caller
        if columns is None or not any(column in said for column in columns.columns):
            return None
        return Caller(
            name=said.get(columns.name, ""),
            first_party=yes_no(said, columns.first_party),
            on_the_line=yes_no(said, columns.on_the_line),
            age=age(said.get(columns.age, "")),
            consent=yes_no(said, columns.consent),
            wants_police=yes_no(said, columns.wants_police),
            language=said.get(columns.language, ""),
        )

    def answers(self, said: Said) -> tuple[CodedAnswer, ...]:
        """The coded fields that are filled in, with their codes."""
        return tuple(
            CodedAnswer(column.question, yes_no(said, column), said[column.column])
            for column in self._mapping.answers
            if column.column in said
        )

    def notes(self, said: Said, at: datetime) -> tuple[Note, ...]:
        """The remarks of this row."""
        return tuple(Note(text=said[column], at=at) for column in self._mapping.notes if column in said)

    def unit_name(self, said: Said) -> str:
        """The unit that this row is about, or ""."""
        name = said.get(self._mapping.unit.column, "") if self._mapping.unit else ""
        return name if self._unit_name.fullmatch(name) else ""

    def units(self, said: Said, at: datetime) -> tuple[Unit, ...]:
        """The unit of this row, if it names one; a status the mapping does not know stays as its code."""
        columns, name = self._mapping.unit, self.unit_name(said)
        if not columns or not name:
            return ()
        code = said.get(columns.status, "")
        status = columns.statuses.get(code, UnitStatus.UNKNOWN)
        return (Unit(unit_id=name, status=status, status_code=code, kind=said.get(columns.kind, ""), at=at),)

    def listed(self, said: Said, at: datetime) -> Iterator[Listed]:
        """Every unit of the row's lists, with its time: its own, that of the list, or the row's."""
        lists = self._mapping.unit_lists
        if lists is None:
            return
        for column, status in lists.statuses.items():
            of_all = said.get(lists.clock, "")
            for written in entries(said.get(column, ""), lists.separator):
                name, clock = self.parts(written) or (written, "")
                then = self.times.near(at, clock or of_all, lists.clock_format) or at
                yield (column, written, of_all), Unit(unit_id=name, status=status, at=then)

    def parts(self, written: str) -> tuple[str, str] | None:
        """The unit and the clock of an entry of a list, or None when it has another shape."""
        found = self._entry.fullmatch(written)
        if found is None:
            return None
        parts = found.groupdict()
        return (parts["unit"] or "").strip() or written, (parts.get("clock") or "").strip()


def yes_no(said: Said, column: YesNoColumn | None) -> Answer:
    """The answer in a coded cell. A code that is neither yes nor no answers nothing."""
    code = said.get(column.column) if column else None
    if column is None or code is None:
        return Answer.UNKNOWN
    return Answer.YES if code in column.yes else Answer.NO if code in column.no else Answer.UNKNOWN


def degrees(cell: str, limit: float) -> float | None:
    """A number between the limits, or None."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= limit else None


def age(cell: str) -> int | None:
    """An age in years that somebody can have, or None."""
    return int(cell) if _SMALL_NUMBER.fullmatch(cell) and int(cell) <= _OLDEST else None


def entries(cell: str, separator: str) -> list[str]:
    """The entries of a list in a cell."""
    return [entry for entry in map(str.strip, cell.split(separator)) if entry]


def _text(cell: object) -> str:
    """NUL is refused by PostgreSQL, and half a surrogate pair by UTF-8."""
    if not isinstance(cell, str):
        return ""
    if not cell.isascii():
        cell = cell.encode("utf-8", "replace").decode()
    return cell.replace("\0", "\N{REPLACEMENT CHARACTER}").strip()


def _type_reader(column: CallTypeColumn | None) -> Callable[[str], CallType | None]:
    split = re.compile(column.split if column else "")

    @lru_cache(_REMEMBERED)
    def read(cell: str) -> CallType | None:
        if not column or not cell:
            return None
        found = split.fullmatch(cell)
        parts = {name: (part or "").strip() for name, part in found.groupdict().items()} if found else {}
        written = parts.get("code") or cell
        code = column.codes.get(written, written)
        text = parts.get("text") or column.texts.get(code) or (written if code != written else "")
        return CallType(code, text, normalise_determinant(parts.get("determinant", "")))

    return read
