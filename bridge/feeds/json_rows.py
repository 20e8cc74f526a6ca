"""JSON as rows: one object, or a list of objects. Knows the text's shape, not what a row means.

Numbers stay as they are written, null says nothing, and an object inside a row is columns with a dot in
their name (`location.latitude`). A list inside a row says nothing.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from bridge.feeds.mapping import FeedMapping, MappingError

_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_LONGEST_CELL = 131_072
"""Characters, as in a CSV file."""


def read(path: Path, mapping: FeedMapping) -> list[dict[str, str]]:
    """The rows of the JSON file at `path`, in its order.

    MappingError when it is no such text, or when no row has the incident's or a time's column.
    """
    try:
        said = _DECODER.decode(path.read_bytes().decode("utf-8-sig"))
        given = said if isinstance(said, list) else [said]
        rows = [_row(path, number, one) for number, one in enumerate(given)]
    except OSError as error:
        raise MappingError(f"{path}: cannot be read ({error.strerror}); give the path of a file") from error
    except (ValueError, RecursionError):
        raise MappingError(f"{path}: is not JSON; send an object, or a list of objects, in UTF-8") from None
    for column in (mapping.incident, *mapping.time.columns):
        if rows and not any(column in row for row in rows):
            raise MappingError(f"{path}: no row has {column!r}; correct the name in the mapping file")
    return rows


def _row(path: Path, number: int, said: object) -> dict[str, str]:
    if not isinstance(said, dict):
        raise MappingError(f"{path}[{number}]: is not an object; send one object per row")
    row = dict(_cells(said))
    for column in row:
        if len(row[column]) > _LONGEST_CELL:
            rule = f"a cell is longer than {_LONGEST_CELL} characters"
            raise MappingError(f"{path}[{number}]: {rule}; shorten it")
    return row


def _cells(said: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        match value:
            case str() | bool():
                yield prefix + name, str(value)
            case dict():
                yield from _cells(value, f"{prefix}{name}.")
