"""Files that are there whole or not at all, whatever ends the process or the power.

Written beside, flushed to the disk, renamed, and the folder flushed. Readable by this user alone: what a
feed holds on its way are callers' words. Knows nothing of what is written.
"""

import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path`; after a crash it holds this or what it held before. OSError."""
    unfinished = path.with_name(f"{path.name}.part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    move(unfinished, path)


def append(path: Path, content: bytes) -> None:
    """Put `content` at the end of the file; a crash may leave a beginning of it. OSError."""
    with path.open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def move(path: Path, to: Path) -> None:
    """Rename, in one step, within one file system. OSError."""
    path.rename(to)
    for folder in {path.parent, to.parent}:
        _flush(folder)


def remove(path: Path) -> None:
    """Delete it if it is there. OSError."""
    path.unlink(missing_ok=True)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
