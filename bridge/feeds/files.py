"""A CSV file as rows. Knows the file's shape, not what a row means.

Bytes that are not text and lines that are too short or too long are read as far as they can be.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from bridge.feeds.mapping import FeedMapping, MappingError


def read(path: Path, mapping: FeedMapping, *, encoding: str = "utf-8-sig") -> Iterator[Mapping[str, str]]:
    """The rows of the CSV file at `path`, in its order.

    MappingError when the file is missing or its header lacks a column of the mapping: then every row
    would be silent about a field, and nobody would notice.
    """
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as lines:
            table = csv.DictReader(lines)
            _check(path, table.fieldnames or (), mapping)
            for row in table:
                yield {column: cell for column, cell in row.items() if isinstance(cell, str) and column}
    except OSError as error:
        raise MappingError(
            f"{path}: cannot be read ({error.strerror}); give the path of a CSV file"
        ) from error
    except csv.Error as error:
        raise MappingError(f"{path}: is not CSV ({error}); export it again") from error


def _check(path: Path, header: object, mapping: FeedMapping) -> None:
    known = tuple(header) if isinstance(header, list | tuple) else ()
    for column in mapping.columns:
        if column not in known:
            raise MappingError(
                f"{path}: no column {column!r} in its header; correct the name in the mapping file"
            )
