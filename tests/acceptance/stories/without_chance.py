"""A time line without what a clock says or a machine chooses, so that it can be kept and compared."""

import re
from collections.abc import Iterator
from itertools import groupby

_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"
_DIFFERS = {
    rf" \(said at {_TIME}\)": "",
    rf"^{_TIME}  ": "",
    r"faults_\w+?\.": "",
    r"lane [ab]\b": "lane -",
    r"\[\d+\]@\d+": "[-]@-",
    r"\b([0-9a-f]{6})[0-9a-f]{26}\b": r"\1..",
}
"""What a machine chooses or a clock says; ids are the same each time, and long."""

_DELIVERED = re.compile(r"message \w+: #(\d+)")


def the_same(lines: Iterator[str]) -> list[str]:
    """The lines without what differs each time; of what was delivered at once the first sent goes first."""
    same: list[str] = []
    for line in lines:
        for pattern, instead in _DIFFERS.items():
            line = re.sub(pattern, instead, line)
        same.append(line)
    return [line for _, together in groupby(same, _is_delivery) for line in sorted(together, key=_number)]


def _is_delivery(line: str) -> bool:
    return _DELIVERED.search(line) is not None


def _number(line: str) -> int:
    found = _DELIVERED.search(line)
    return int(found[1]) if found else 0
