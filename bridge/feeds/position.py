"""How far a feed has come: what the rows sent so far said, and the last batch that was sent whole.

One file, only ever added to: a line per batch, written after Kafka acknowledged its last event and before
the batch is put away. A line cut short by a crash never happened, and its batch is sent again under the
same ids. Any other line that cannot be read stops the feed: starting over unasked could lose a change.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bridge.domain.ids import AgencyId, IncidentId
from bridge.errors import BridgeError
from bridge.feeds import durable
from bridge.feeds.memory import REMEMBERED, Draft, Known, Remembered

_VERSION = 1
_INCIDENTS_A_LINE = 1_000
_WORTH_REWRITING = 1024 * 1024


class PositionError(BridgeError):
    """A position file that cannot be used, or written."""


@dataclass(frozen=True, slots=True)
class _Line:
    """The first line says whose file it is; each further one what a batch added."""

    version: int = _VERSION
    agency: str = ""
    done: str = ""
    known: dict[IncidentId, Known] = field(default_factory=dict)


_LINE = TypeAdapter(_Line)


class Position:
    """The position in the file at `path`, made when there is none. PositionError when it cannot be used."""

    def __init__(self, path: Path, agency: AgencyId, *, limit: int = REMEMBERED) -> None:
        self.path = path
        self.memory = Remembered(limit)
        self.done = ""
        """The digest of the last batch that was sent whole."""
        self._agency = agency
        self._grown = 0
        self._compact = 0
        try:
            if path.exists():
                self._read(path.read_bytes())
            self._rewrite()
        except OSError as error:
            raise self._unusable(error) from error

    def draft(self) -> Draft:
        """What the next batch adds; nothing counts until it is kept."""
        return Draft(self.memory)

    def keep(self, draft: Draft, done: str) -> None:
        """The batch `done` was sent whole. On the disk when this returns; PositionError when it is not."""
        line = _written(_Line(done=done, known=draft.news))
        try:
            durable.append(self.path, line)
            self._learn(_Line(done=done, known=draft.news))
            self._grown += len(line)
            if self._grown > max(_WORTH_REWRITING, 2 * self._compact):
                self._rewrite()
        except OSError as error:
            raise self._unusable(error) from error

    def _read(self, content: bytes) -> None:
        *whole, rest = content.split(b"\n")
        if whole and not rest and b"\0" in whole[-1]:  # the size reached the disk, the bytes did not
            whole.pop()
        for number, line in enumerate(whole, start=1):
            said = _read_line(line)
            if said is None or said.version != _VERSION:
                raise PositionError(
                    f"{self.path}: line {number} cannot be read; put back a copy of the file, or move it "
                    "away to have everything sent again"
                )
            if number == 1 and said.agency != self._agency:
                rule = f"is the position of a feed of {said.agency}"
                raise PositionError(f"{self.path}: {rule}; give each feed a `state` of its own")
            self._learn(said)
        if not whole:
            raise PositionError(
                f"{self.path}: is empty; put back a copy, or remove it to have everything sent again"
            )

    def _learn(self, said: _Line) -> None:
        self.done = said.done or self.done
        for incident, known in said.known.items():
            self.memory.keep(incident, known)

    def _rewrite(self) -> None:
        """The same in as few lines as it takes."""
        lines = [_written(_Line(agency=self._agency, done=self.done))]
        lines += [_written(_Line(known=known)) for known in _portions(self.memory.items())]
        content = b"".join(lines)
        durable.write(self.path, content)
        self._compact, self._grown = len(content), 0

    def _unusable(self, error: OSError) -> PositionError:
        return PositionError(
            f"{self.path}: cannot be read or written ({error.strerror}); give the feed a folder on a disk "
            "that has room and that this user may write to"
        )


def _written(line: _Line) -> bytes:
    content = _LINE.dump_json(line)
    return b"%08x %b\n" % (zlib.crc32(content), content)


def _read_line(line: bytes) -> _Line | None:
    check, _, content = line.partition(b" ")
    if check != b"%08x" % zlib.crc32(content):
        return None
    try:
        return _LINE.validate_json(content)
    except ValidationError:
        return None


def _portions(known: Iterable[tuple[IncidentId, Known]]) -> Iterator[dict[IncidentId, Known]]:
    rest = iter(known)
    while portion := dict(islice(rest, _INCIDENTS_A_LINE)):
        yield portion
