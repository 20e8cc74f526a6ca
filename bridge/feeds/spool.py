"""A folder for what came over the network, until Kafka keeps all of it.

A body is on the disk before its first event is sent: asked again after a crash, the other side may say
something else by then, and what was sent of the first answer must come out the same. Then it is removed.
"""

from pathlib import Path
from typing import Literal

from bridge import logs
from bridge.errors import BridgeError
from bridge.feeds import durable
from bridge.feeds.mapping import MappingError
from bridge.feeds.sending import Feed

Format = Literal["csv", "json"]


class SpoolError(BridgeError):
    """A folder that nothing can be kept in."""


class Spool:
    """Holds one body at a time in `folder`, which is made if need be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def take_up(self, feed: Feed) -> None:
        """Send what a process before this one left. SpoolError, and what `Feed.take` raises."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            left = sorted(self._folder.glob("body.csv")) + sorted(self._folder.glob("body.json"))
            for path in left:
                try:
                    await feed.take(feed.look(path))
                except MappingError as error:  # nobody was told that we have it
                    logs.logger().warning(
                        "feed.refused", agency=feed.mapping.agency, error=_reason(error, path)
                    )
                durable.remove(path)
        except OSError as error:
            raise self._unusable(error) from error

    async def send(self, body: bytes, written: Format, feed: Feed) -> tuple[int, int]:
        """Send a body and how many rows and events it had. It is gone when this returns or refuses.

        MappingError when the body does not fit the mapping; its text says where in the `body`. SpoolError,
        and what `Feed.take` raises.
        """
        path = self._folder / f"body.{written}"
        try:
            durable.write(path, body)
            try:
                taken = feed.look(path)
            except MappingError as error:
                durable.remove(path)
                raise MappingError(_reason(error, path)) from None
            events = await feed.take(taken)
            durable.remove(path)
        except OSError as error:
            raise self._unusable(error) from error
        return taken.rows, events

    def _unusable(self, error: OSError) -> SpoolError:
        return SpoolError(
            f"{self._folder}: cannot be used ({error.strerror}); give the feed a folder on a disk that has "
            "room and that this user may write to"
        )


def _reason(error: MappingError, path: Path) -> str:
    """What is wrong, without where on our disk."""
    return str(error).replace(str(path), "body")
