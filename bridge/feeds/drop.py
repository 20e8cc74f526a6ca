"""A file drop: a folder into which CAD puts its exports, one after the other.

A file is taken when it has stood still for a while, oldest first, and put into `done/` when Kafka keeps all
of it, or into `refused/` beside the reason when it does not fit the mapping. Nothing is ever deleted.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from bridge import logs
from bridge.errors import BridgeError
from bridge.feeds import batch, durable
from bridge.feeds.batch import ChangedError
from bridge.feeds.mapping import MappingError
from bridge.feeds.sending import Feed, stopped_within
from bridge.feeds.ways_in import Drop

_UNFINISHED = (".part", ".tmp")


class DropError(BridgeError):
    """A folder that files cannot be taken from."""


@dataclass(slots=True)
class Folder:
    """What was seen of the folder so far. `clock` tells seconds that only grow."""

    drop: Drop
    clock: Callable[[], float] = time.monotonic
    _since: dict[Path, tuple[tuple[int, int, int], float]] = field(default_factory=dict)

    def whole(self) -> Iterator[Path]:
        """The files that stand still, oldest first, up to the first that does not. OSError."""
        before, self._since = self._since, {}
        now = self.clock()
        for path, seen in self._files():
            known, since = before.get(path, (seen, now))
            self._since[path] = (seen, since if known == seen else now)
        for path, (_, since) in self._since.items():
            if now - since < self.drop.still_seconds:
                return
            yield path

    def _files(self) -> list[tuple[Path, tuple[int, int, int]]]:
        found = []
        for path in self.drop.folder.iterdir():
            if path.name.startswith(".") or path.name.endswith(_UNFINISHED) or path.is_symlink():
                continue
            with suppress(FileNotFoundError):  # taken away between two looks
                status = path.stat()
                if S_ISREG(status.st_mode):
                    found.append((path, batch.seen(status)))
        return sorted(found, key=lambda each: (each[1][2], each[0].name))


async def run(drop: Drop, feed: Feed) -> None:
    """Take files until the process shall end. DropError, and what `Feed.take` raises."""
    folder = Folder(drop)
    try:
        for place in (drop.folder / "done", drop.folder / "refused"):
            place.mkdir(exist_ok=True)
        while True:
            for path in list(folder.whole()):
                if feed.stop.is_set():
                    return
                await take(path, feed)
            if await stopped_within(feed.stop, drop.look_every_seconds):
                return
    except OSError as error:
        raise DropError(
            f"{drop.folder}: cannot be used ({error.strerror}); let this user read, write and rename there"
        ) from error


async def take(path: Path, feed: Feed) -> None:
    """Send one file and put it away. What `Feed.take` raises, and OSError when it cannot be put away."""
    try:
        if refused := await _sent(path, feed):
            kept = _free(path, path.parent / "refused")
            durable.write(kept.with_name(f"{kept.name}.reason"), f"{refused}\n".encode())
            logs.logger().error("feed.refused", agency=feed.mapping.agency, path=path.name, error=refused)
        else:
            kept = _free(path, path.parent / "done")
        durable.move(path, kept)
    except ChangedError as error:
        logs.logger().warning("feed.changed", agency=feed.mapping.agency, error=str(error))
    except FileNotFoundError:  # somebody took it away again
        logs.logger().warning("feed.gone", agency=feed.mapping.agency, path=path.name)


async def _sent(path: Path, feed: Feed) -> str:
    """Send a file; why it was refused, if it was."""
    try:
        await feed.take(await asyncio.to_thread(feed.look, path))
    except MappingError as error:
        return str(error)
    return ""


def _free(path: Path, folder: Path) -> Path:
    """A place for the file that no other content has: its name, or its name with its digest."""
    place = folder / path.name
    if not place.exists():
        return place
    return folder / f"{path.stem}.{batch.digest_of(path)[:16]}{path.suffix}"
