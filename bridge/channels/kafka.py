"""The way out over Kafka: a destination's own topic, 911's returns, the status stream, the quarantine.

An idempotent producer that waits for all replicas; one that Kafka declared fatal is made anew. The
record's key is the incident id, so that one call's messages stay in one partition, in order.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, assert_never

from aiokafka.errors import (
    IllegalStateError,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerClosed,
    ProducerFenced,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from bridge.channels.contract import Message, Outgoing, Receipt, Rendered
from bridge.domain.message import Offer, Quarantined, Return, Status
from bridge.errors import ChannelError
from bridge.wire import cloudevents, offers, quarantines, returns, statuses
from bridge.wire.cloudevents import CloudEvent
from bridge.wire.frames import Frames

_TYPES = {
    Offer: "org.bridge911.offer",
    Return: "org.bridge911.return",
    Status: "org.bridge911.status",
    Quarantined: "org.bridge911.quarantine",
}
_PERMANENT = (MessageSizeTooLargeError, TopicAuthorizationFailedError, InvalidTopicError)
_REMEDIES: Mapping[type[KafkaError], str] = {
    UnknownTopicOrPartitionError: "make the topic, run `bridge topics`",
    TopicAuthorizationFailedError: "allow the bridge's user to write to the topic",
    MessageSizeTooLargeError: "raise the topic's max.message.bytes, run `bridge topics`",
}
_FATAL = (OutOfOrderSequenceNumber, ProducerFenced, ProducerClosed, IllegalStateError)


class Stored(Protocol):
    """Where the broker put a record."""

    topic: str
    partition: int
    offset: int


class Producer(Protocol):
    """What we use of aiokafka's producer."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def partitions_for(self, topic: str) -> Collection[int]: ...

    async def send(
        self, topic: str, *, value: bytes, key: bytes, headers: Sequence[tuple[str, bytes]]
    ) -> asyncio.Future[Stored]: ...


Sent = asyncio.Future[Stored] | KafkaError | OSError


class KafkaChannel:
    """Sends rendered messages to topics; `address` is the topic's name."""

    def __init__(self, new_producer: Callable[[], Producer], frames: Frames, *, source: str) -> None:
        self._new_producer = new_producer
        self._frames = frames
        self._source = source
        self._producer: Producer | None = None
        self._starting = asyncio.Lock()

    def render(self, message: Message) -> Rendered:
        """Avro value, CloudEvents headers in binary mode, the incident id as key."""
        match message:
            case Offer():
                content, at = offers.encode(self._frames, message), message.sent_at
            case Return():
                content, at = returns.encode(self._frames, message), message.sent_at
            case Status():
                content, at = statuses.encode(self._frames, message), message.at
            case Quarantined():
                content, at = quarantines.encode(self._frames, message), message.received_at
            case _:
                assert_never(message)
        key = message.message_id if isinstance(message, Quarantined) else message.incident_id
        headers = cloudevents.headers(
            CloudEvent(
                id=message.message_id,
                source=self._source,
                type=_TYPES[type(message)],
                subject=key,
                time=at,
                partition_key=key,
                sequence=None if isinstance(message, Quarantined) else message.sequence,
                expiry_time=message.deadline if isinstance(message, Offer) else None,
            )
        )
        return Rendered(key.encode(), tuple(headers), content)

    async def send(self, messages: Sequence[Outgoing]) -> list[Receipt | ChannelError]:
        """Hand all over, in order, and wait for every broker's answer."""
        try:
            producer = await self._started()
        except (KafkaError, OSError) as error:
            return [_error(error) for _ in messages]
        pending = [await self._enqueue(producer, message) for message in messages]
        answers = [await _answer(sent) for sent in pending]
        if any(isinstance(sent, _FATAL) for sent in _errors(pending)):
            await self._discard(producer)
        return answers

    async def check(self, address: str) -> None:
        """Raise ChannelError when the topic cannot be written to now."""
        try:
            await (await self._started()).partitions_for(address)
        except (KafkaError, OSError) as error:
            raise _error(error) from None

    async def close(self) -> None:
        """Send what is buffered, at most a moment long, and let go."""
        if self._producer is not None:
            await self._discard(self._producer)

    async def _enqueue(self, producer: Producer, message: Outgoing) -> Sent:
        try:
            return await producer.send(
                message.address, value=message.content, key=message.key, headers=list(message.headers)
            )
        except (KafkaError, OSError) as error:
            return error

    async def _started(self) -> Producer:
        async with self._starting:
            if self._producer is None:
                producer = self._new_producer()
                await producer.start()
                self._producer = producer
            return self._producer

    async def _discard(self, producer: Producer) -> None:
        async with self._starting:
            if self._producer is producer:
                self._producer = None
        try:
            await asyncio.wait_for(producer.stop(), 2)
        except (TimeoutError, KafkaError, OSError):
            return  # what it still held is leased to us and goes out again when the lease ends


async def _answer(sent: Sent) -> Receipt | ChannelError:
    if isinstance(sent, (KafkaError, OSError)):
        return _error(sent)
    try:
        stored = await sent
    except (KafkaError, OSError) as error:
        return _error(error)
    return Receipt(f"{stored.topic}[{stored.partition}]@{stored.offset}")


def _errors(pending: Sequence[Sent]) -> list[BaseException]:
    raised = [sent if isinstance(sent, BaseException) else sent.exception() for sent in pending]
    return [error for error in raised if error is not None]


def _error(error: KafkaError | OSError) -> ChannelError:
    """The kind of error and its remedy: a broker's own text may repeat what was sent."""
    remedy = next(
        (text for kind, text in _REMEDIES.items() if isinstance(error, kind)), "see `bridge doctor`"
    )
    return ChannelError(f"Kafka: {type(error).__name__}; {remedy}", permanent=isinstance(error, _PERMANENT))
