"""Feeds: what was sent to somebody, after a cursor, in order; waited for, or as a stream.

Nobody who waits holds a connection of the ledger: each looks four times a second, and only so many may wait.
A cursor is opaque; whoever begins without one gets what belongs to transfers that are under way.
"""

import asyncio
import base64
import binascii
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bridge.desk.problems import ProblemError, ProblemType
from bridge.handling.looking import Asker, Cursor, FeedMessage, Look

LOOK_EVERY = 0.25
KEEP_ALIVE = 15.0
PAGE = 100


def written(cursor: Cursor) -> str:
    """A cursor as it is given out."""
    text = f"{cursor.written_in} {cursor.number} {cursor.message_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str) -> Cursor:
    """A cursor as it came back; ProblemError when it is none."""
    try:
        padded = text + "=" * (-len(text) % 4)
        written_in, number, message_id = (
            base64.b64decode(padded, b"-_", validate=True).decode("ascii").split(" ")
        )
        if not (written_in.isdecimal() and number.isdecimal() and (not message_id or message_id.isalnum())):
            raise ValueError
        if int(written_in) >= 1 << 63 or int(number) >= 1 << 31:
            raise ValueError
    except (ValueError, binascii.Error):
        raise ProblemError(ProblemType.CURSOR_GONE, "after: is no cursor of ours") from None
    return Cursor(written_in, int(number), message_id)


@dataclass(slots=True)
class Waiting:
    """How many wait now; more than these are sent away."""

    of_one: int
    of_all: int
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _now: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def place(self, asker: Asker) -> Iterator[None]:
        """A place to wait in; ProblemError when there is none."""
        mine = self._now.get(asker.speaker, 0)
        if mine >= self.of_one or sum(self._now.values()) >= self.of_all:
            raise ProblemError(ProblemType.SLOW_DOWN, "too many wait already", headers={"Retry-After": "5"})
        self._now[asker.speaker] = mine + 1
        try:
            yield
        finally:
            self._now[asker.speaker] -= 1
            if not self._now[asker.speaker]:
                del self._now[asker.speaker]

    async def pause(self) -> bool:
        """Wait until it is time to look again; False when this process is to end."""
        try:
            async with asyncio.timeout(LOOK_EVERY):
                await self.closing.wait()
        except TimeoutError:
            return True
        return False


async def page(
    look: Look, waiting: Waiting, asker: Asker, carries: str, after: str, wait: float
) -> tuple[Sequence[FeedMessage], str]:
    """Messages after a cursor, waited for at most `wait` seconds; and the cursor behind them."""
    cursor = await _known(look, after)
    if cursor is None:
        end = await look.end_of_feeds()
        messages = await look.feed(asker, carries, None, PAGE)
        cursor = end if len(messages) < PAGE else None
    else:
        messages = await look.feed(asker, carries, cursor, PAGE)
    if not messages and wait > 0:
        assert cursor is not None, "nothing was found up to here"
        until = time.monotonic() + wait
        with waiting.place(asker):
            while not messages and time.monotonic() < until and await waiting.pause():
                messages = await look.feed(asker, carries, cursor, PAGE)
    return messages, written(messages[-1].cursor if messages else cursor or Cursor())


async def stream(look: Look, waiting: Waiting, asker: Asker, after: str) -> AsyncIterator[FeedMessage | None]:
    """Status messages as they are written, from now on or after a cursor; None to be kept alive."""
    cursor = await _known(look, after) or await look.end_of_feeds()
    spoke = time.monotonic()
    with waiting.place(asker):
        yield None
        while True:
            for message in await look.feed(asker, "status", cursor, PAGE):
                yield message
                cursor, spoke = message.cursor, time.monotonic()
            if time.monotonic() - spoke > KEEP_ALIVE:
                yield None
                spoke = time.monotonic()
            if not await waiting.pause():
                return


async def _known(look: Look, after: str) -> Cursor | None:
    """The cursor, if one came; one that lies ahead of this ledger belongs to another."""
    if not after:
        return None
    cursor = read(after)
    end = await look.end_of_feeds()
    if int(cursor.written_in) > int(end.written_in):
        raise ProblemError(ProblemType.CURSOR_GONE, "after: lies ahead of this ledger")
    return cursor
