"""Blocks in a document that a command prints: where they begin and end, and what stands between.

A block begins with a line `<!-- printed by: bridge tables NAME -->` and ends with a line `<!-- end -->`.
Knows nothing of what is printed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bridge.errors import BridgeError

_BEGINS = re.compile(r"^<!-- printed by: bridge tables (?P<name>[a-z0-9-]+) -->$")
_ENDS = "<!-- end -->"


class BlockError(BridgeError):
    """A block that does not end, or that nobody prints."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block: who prints it, and what stands in it now. Lines are numbered from 1."""

    name: str
    line: int
    text: str


def blocks_of(document: str) -> Iterator[Block]:
    """The blocks of a document, in order. BlockError when one does not end."""
    begun: tuple[str, int] | None = None
    within: list[str] = []
    for number, line in enumerate(document.splitlines(), start=1):
        begins = _BEGINS.match(line)
        if begun is None and begins:
            begun, within = (begins["name"], number), []
        elif begun is not None and line == _ENDS:
            yield Block(*begun, "\n".join(within).strip("\n"))
            begun = None
        elif begins:
            break
        else:
            within.append(line)
    if begun is not None:
        raise BlockError(f"line {begun[1]}: block {begun[0]!r} does not end; write {_ENDS} behind it")


def rewritten(document: str, printed: Callable[[str], str]) -> str:
    """The document with every block as `printed` says it now."""
    lines: list[str] = []
    ends = {block.line: block.name for block in blocks_of(document)}
    inside = False
    for number, line in enumerate(document.splitlines(), start=1):
        inside = inside and line != _ENDS
        if inside:
            continue
        lines.append(line)
        if name := ends.get(number):
            inside = True
            text = printed(name).strip("\n")
            lines += ["", text, ""] if text else []
    return "".join(f"{line}\n" for line in lines)
