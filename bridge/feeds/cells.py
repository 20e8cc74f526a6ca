"""Cells of one row, read into the values of a CAD event.

Whatever a cell holds, nothing here raises: a cell that is not a time, a number or a known code is left
unsaid, and the code itself is kept where the event has room for it.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from bridge.domain.cad import CallType, Location, Note, Unit, UnitStatus
from bridge.feeds.mapping import (
    CallTypeColumn,
    FeedMapping,
    LocationColumns,
    PriorityColumn,
    TimeColumn,
    UnitColumns,
)

_SMALL_NUMBER = re.compile("[0-9]{1,4}")


def said(row: Mapping[str, str], mapping: FeedMapping) -> dict[str, str]:
    """The mapped cells that say something, trimmed, as text that any later store can hold."""
    readable = {column: _text(row.get(column)) for column in mapping.columns}
    return {column: cell for column, cell in readable.items() if cell and cell not in mapping.unsaid}


def _text(cell: object) -> str:
    """NUL is refused by PostgreSQL, and half a surrogate pair by UTF-8."""
    if not isinstance(cell, str):
        return ""
    return cell.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode().strip()


def time(said: Mapping[str, str], column: TimeColumn) -> datetime | None:
    """When, with the offset the place had then; an hour that clocks repeat is taken as its first."""
    try:
        read = datetime.strptime(said.get(column.column, ""), column.format)
        zoned = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(column.timezone))
        offset = zoned.utcoffset()
    except (ValueError, OverflowError):
        return None
    return zoned.replace(tzinfo=timezone(offset)) if offset is not None else None


def call_type(said: Mapping[str, str], column: CallTypeColumn | None) -> CallType | None:
    """The type, split as the mapping says, or whole."""
    cell = said.get(column.column, "") if column else ""
    if not column or not cell:
        return None
    found = re.fullmatch(column.split, cell)
    parts = {name: (part or "").strip() for name, part in found.groupdict().items()} if found else {}
    code = parts.get("code") or cell
    return CallType(code=code, text=parts.get("text", ""), determinant=parts.get("determinant", ""))


def priority(said: Mapping[str, str], column: PriorityColumn | None) -> int | None:
    """The mapped priority, or the cell's own number."""
    cell = said.get(column.column, "") if column else ""
    if not column or not cell:
        return None
    if cell in column.values:
        return column.values[cell]
    return int(cell) if _SMALL_NUMBER.fullmatch(cell) else None


def location(said: Mapping[str, str], columns: LocationColumns | None) -> Location | None:
    """The place, or None when the row says nothing of it (constants alone are no place)."""
    if columns is None:
        return None
    text = " ".join(said[column] for column in columns.text if column in said)
    civic = {name: said[column] for name, column in columns.civic.items() if column in said}
    district = said.get(columns.district, "")
    latitude = _degrees(said.get(columns.latitude, ""), 90)
    longitude = _degrees(said.get(columns.longitude, ""), 180)
    known_point = latitude is not None and longitude is not None
    if not (text or civic or district or known_point):
        return None
    return Location(
        civic={**columns.constants, **civic},
        text=text,
        district=district,
        latitude=latitude if known_point else None,
        longitude=longitude if known_point else None,
        uncertainty_m=_degrees(said.get(columns.uncertainty_m, ""), 1e6) if known_point else None,
    )


def _degrees(cell: str, limit: float) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= limit else None


def notes(said: Mapping[str, str], column: str, at: datetime) -> tuple[Note, ...]:
    """The remark of this row, if it has one."""
    text = said.get(column, "")
    return (Note(text=text, at=at),) if text else ()


def units(said: Mapping[str, str], columns: UnitColumns | None, at: datetime) -> tuple[Unit, ...]:
    """The unit of this row, if it names one; a status the mapping does not know stays as its code."""
    name = said.get(columns.column, "") if columns else ""
    if not columns or not name:
        return ()
    code = said.get(columns.status, "")
    status = columns.statuses.get(code, UnitStatus.UNKNOWN)
    return (Unit(unit_id=name, status=status, status_code=code, kind=said.get(columns.kind, ""), at=at),)
