"""A batch: a file of rows as it lies on the disk, looked through before its first event is sent.

It stays where it is until all of it was sent, so that a crash at any instant finds it again. The same file
gives the same rows and the same `read_at`, and so the same events.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from os import stat_result
from pathlib import Path

from bridge.errors import BridgeError
from bridge.feeds import files, json_rows
from bridge.feeds.files import Row
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.refusal import Refusal


class ChangedError(BridgeError):
    """A file that was written to while it was read; it is read again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One file: SHA-256 of its content, when it was written, how many rows it has."""

    path: Path
    digest: str
    read_at: datetime
    rows: int
    seen: tuple[int, int, int]

    def unchanged(self) -> bool:
        """Whether the file is still the one that was looked through. FileNotFoundError when it is gone."""
        return seen(self.path.stat()) == self.seen


def look(path: Path, mapping: FeedMapping) -> Batch:
    """Look the file at `path` through. MappingError when it does not fit the mapping; OSError."""
    stat = path.stat()
    digest = digest_of(path)
    rows = sum(1 for _ in rows_of(path, mapping))
    return Batch(path, digest, datetime.fromtimestamp(stat.st_mtime, UTC), rows, seen(stat))


def digest_of(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal. OSError."""
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def rows_of(path: Path, mapping: FeedMapping) -> Iterable[Row | Refusal]:
    """The rows of a file: JSON when its name ends so, else what `files` can read.

    MappingError, at the latest while reading.
    """
    if path.suffix.lower() == ".json":
        return json_rows.read(path, mapping)
    return files.read(path, mapping)


def seen(stat: stat_result) -> tuple[int, int, int]:
    """What tells that a file was written to or exchanged."""
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
