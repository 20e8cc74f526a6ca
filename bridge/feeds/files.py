"""A file as rows: CSV, or JSON lines with a row or a whole poll on each; packed with gzip or not.

It knows the file's shape, not what a row means. What is short, long or no text is read as far as it can be;
what cannot be taken apart stands in its place as a refusal, so that every row is counted.
"""

import csv
import gzip
import json
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from bridge.feeds.mapping import FeedMapping, MappingError
from bridge.feeds.refusal import Refusal

Row = Mapping[str, str]


def read(path: Path, mapping: FeedMapping, *, encoding: str = "utf-8-sig") -> Iterator[Row | Refusal]:
    """The rows of the file at `path`, in its order: JSON lines if it is named `.jsonl`, else CSV.

    MappingError when the file is missing or a CSV header lacks a column of the mapping: then every row
    would be silent about a field, and nobody would notice.
    """
    name = path.name.removesuffix(".gz")
    try:
        with _opened(path) as packed, TextIOWrapper(packed, encoding, "replace", newline="") as lines:
            yield from _polls(lines) if name.endswith(".jsonl") else _table(path, lines, mapping)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise MappingError(
            f"{path}: cannot be read ({why}); give the path of a CSV or JSON lines file"
        ) from error


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


class _Lines:
    """The lines of a file, of which those since `begin` can be taken back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._again = iter(lines), deque[str]()
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        return line

    def begin(self) -> None:
        """Forget what was taken: a row starts here."""
        self._taken.clear()

    def keep_first(self) -> str:
        """The first line since `begin`; the others will come again."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        return first


def _table(path: Path, text: Iterable[str], mapping: FeedMapping) -> Iterator[Row | Refusal]:
    rows = _cells(text)
    header = next(rows, [])
    columns = [] if isinstance(header, Refusal) else [column.strip() for column in header]
    for column in mapping.columns:
        if column not in columns:
            raise MappingError(
                f"{path}: no column {column!r} in its header; correct the name in the mapping file"
            )
    for cells in rows:
        yield cells if isinstance(cells, Refusal) else dict(zip(columns, cells, strict=False))


def _cells(text: Iterable[str]) -> Iterator[Sequence[str] | Refusal]:
    """The cells of each row. A quote that is never closed would swallow the rows behind it: then a line is a
    row, and reading begins again with the next."""
    lines = _Lines(text)
    table = csv.reader(lines, strict=True)
    while True:
        lines.begin()
        cells: Sequence[str] | Refusal
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error:
            cells = _line(lines.keep_first())
        if cells:
            yield cells


def _line(line: str) -> Sequence[str] | Refusal:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return Refusal.BROKEN


def _polls(lines: Iterable[str]) -> Iterator[Row | Refusal]:
    """Each line is a row, or a poll that has its rows under `rows`. A number stays as it is written."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
    for line in filter(str.strip, lines):
        try:
            given = decoder.decode(line)
        except (ValueError, RecursionError):
            yield Refusal.BROKEN
            continue
        poll = given.get("rows") if isinstance(given, dict) else None
        for row in poll if isinstance(poll, list) else [given]:
            yield _said(row) if isinstance(row, dict) else Refusal.NOT_A_ROW


def _said(row: Mapping[str, object]) -> Row:
    return {column: cell for column, cell in row.items() if isinstance(cell, str)}
