"""Rows become CAD events in Kafka: fold, encode, send, wait for every acknowledgement, keep the position.

In that order, whatever the way in. What Kafka does not take now is tried again until it does; what ends
the process in between is repeated by the next one under the same ids, and the inbox drops it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

from bridge import logs
from bridge.domain.cad import CadEvent
from bridge.domain.ids import EventId
from bridge.errors import ChannelError
from bridge.feeds import batch, rows
from bridge.feeds.batch import Batch, ChangedError
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.position import Position
from bridge.feeds.refusal import Refusal
from bridge.wire import cad_events, cloudevents
from bridge.wire.frames import Frames

_AT_ONCE = 500
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Record:
    """One CAD event as Kafka shall keep it. The key is the incident: one call's events stay in order."""

    event_id: EventId
    key: bytes
    headers: tuple[tuple[str, bytes], ...]
    content: bytes = field(repr=False)


class Sender(Protocol):
    """The door to `cad.events`."""

    async def send(self, records: Sequence[Record]) -> None:
        """Return when Kafka keeps every one, in order. ChannelError when one is not known to be kept."""


@dataclass(slots=True)
class Feed:
    """One table of one agency on its way into `cad.events`. `stop` is set when the process shall end."""

    mapping: FeedMapping
    position: Position
    frames: Frames
    sender: Sender
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self, path: Path) -> Batch:
        """Look a file through. MappingError when it does not fit the mapping; OSError."""
        return batch.look(path, self.mapping)

    async def take(self, taken: Batch) -> int:
        """Send what is new in a batch and keep the position; how many events that were.

        A batch with the content of the last one says nothing again: a crash before it was put away, or a
        table that stood still. ChannelError when Kafka will never take an event, or the process shall
        end while Kafka is away; then nothing of the batch counts. ChangedError, MappingError or OSError when
        the file is not what it was.
        """
        if taken.digest == self.position.done:
            return 0
        draft, count, refused = self.position.draft(), 0, Counter[Refusal]()
        events = rows.events(
            batch.rows_of(taken.path, self.mapping),
            self.mapping,
            read_at=taken.read_at,
            refused=lambda _, reason: refused.update([reason]),
            memory=draft,
        )
        for portion in _portions(events):
            await self._send([self._record(event) for event in portion])
            count += len(portion)
        if not taken.unchanged():
            raise ChangedError(f"{taken.path}: was written to while it was read; write beside it and rename")
        self.position.keep(draft, taken.digest)
        self._tell(taken.rows, count, refused)
        return count

    def _tell(self, rows_read: int, events: int, refused: Counter[Refusal]) -> None:
        """Numbers and reasons, never a cell."""
        log, agency = logs.logger(), self.mapping.agency
        log.info("feed.sent", agency=agency, rows=rows_read, events=events)
        for reason, count in sorted(refused.items()):
            log.warning("feed.rows_refused", agency=agency, reason=reason.value, count=count)

    async def _send(self, records: Sequence[Record]) -> None:
        wait = _FIRST_WAIT
        while True:
            try:
                return await self.sender.send(records)
            except ChannelError as error:
                if error.permanent or self.stop.is_set():
                    raise
                logs.logger().warning("feed.not_sent", error=str(error), count=len(records), seconds=wait)
            await stopped_within(self.stop, jittered(wait))
            wait = min(2 * wait, _LONGEST_WAIT)

    def _record(self, event: CadEvent) -> Record:
        headers = tuple(cloudevents.headers(cad_events.about(event)))
        content = cad_events.encode(self.frames, event)
        return Record(event.event_id, event.incident_id.encode(), headers, content)


def _portions(events: Iterable[CadEvent]) -> Iterator[list[CadEvent]]:
    rest = iter(events)
    while portion := list(islice(rest, _AT_ONCE)):
        yield portion


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until the process shall end; whether it shall."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True


def jittered(seconds: float) -> float:
    """Between half and all of it, so that those who failed together do not come back together."""
    return seconds * random.uniform(0.5, 1.0)
