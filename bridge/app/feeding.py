"""A feed's process: one table's way in, its position, and Kafka; until SIGTERM or a failure.

Knows nothing of the ledger: it runs beside CAD, and may run on another machine than the workers.
"""

import asyncio
import fcntl
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bridge import logs
from bridge.app.parts import frames_of
from bridge.app.ways_out import kafka_channel
from bridge.channels.contract import Outgoing
from bridge.channels.kafka import KafkaChannel
from bridge.errors import ChannelError, SettingsError
from bridge.feeds import drop, mapping, poll, webhook
from bridge.feeds.feed_file import FeedFile
from bridge.feeds.position import Position
from bridge.feeds.sending import Feed, Record
from bridge.feeds.spool import Spool
from bridge.settings import Settings
from bridge.settings.feed_secret import VARIABLE, feed_secret


class KafkaSender:
    """Hands records over to one topic and waits for all of them."""

    def __init__(self, channel: KafkaChannel, topic: str) -> None:
        self._channel = channel
        self._topic = topic

    async def send(self, records: Sequence[Record]) -> None:
        """Return when Kafka keeps every one, in order. ChannelError when one is not known to be kept.

        After an error the producer is made anew: a record that Kafka gave up must not come after the ones
        behind it once all are sent again.
        """
        answers = await self._channel.send(
            [
                Outgoing(record.event_id, self._topic, record.key, record.headers, record.content)
                for record in records
            ]
        )
        errors = [answer for answer in answers if isinstance(answer, ChannelError)]
        if errors:
            await self._channel.close()
            raise next((error for error in errors if error.permanent), errors[0])


async def run_feed(file: FeedFile, settings: Settings) -> None:
    """Run one feed. SettingsError before anything is sent, else what its way in raises."""
    table = mapping.read(file.mapping)
    _make(file.state)
    with _alone(file.state):
        frames = frames_of(settings)
        channel = kafka_channel(settings, frames)
        sender = KafkaSender(channel, settings.kafka.topics.cad_events)
        feed = Feed(table, Position(file.state / "position", table.agency), frames, sender)
        logs.logger().info("feed.started", agency=table.agency, kind=_way(file))
        try:
            async with _stopped_by_signals(feed.stop):
                await _run(file, feed)
        finally:
            await channel.close()
        logs.logger().info("feed.stopped", agency=table.agency)


async def _run(file: FeedFile, feed: Feed) -> None:
    spool = Spool(file.state / "spool")
    if file.drop is not None:
        await drop.run(file.drop, feed)
    elif file.poll is not None:
        await poll.run(file.poll, poll.headers_of(feed_secret(file.poll.headers_file)), feed, spool)
    elif file.webhook is not None:
        key = feed_secret(file.webhook.key_file)
        if not key:
            raise SettingsError(
                f"webhook.key_file: there is no key; name a file that holds one, or set {VARIABLE}"
            )
        await webhook.run(file.webhook, key, feed, spool)


def _way(file: FeedFile) -> str:
    return "drop" if file.drop else "poll" if file.poll else "webhook"


def _make(state: Path) -> None:
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{state}: cannot be made ({error.strerror}); name a folder that this user may write to"
        ) from None


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Two processes with one position would each forget what the other has sent."""
    with (state / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"{state}: another process runs this feed; end it, or give this feed a `state` of its own"
            ) from None
        yield


@asynccontextmanager
async def _stopped_by_signals(stop: asyncio.Event) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
