"""The two ends of Kafka that a simulator has: one topic to read, any topic to write.

Reading commits by hand, after the work; writing is idempotent and waits until Kafka keeps the record.
aiokafka has no types: this is the only file of the simulators that calls it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, cast

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bridge.settings.kafka import Kafka, connection
from bridge.wire import cloudevents
from bridge.wire.cloudevents import CloudEvent


class Record(Protocol):
    """What Kafka hands over; a simulator needs the value."""

    value: bytes | None


class Reader(Protocol):
    """An endless stream of records, and the word that all of them so far are done."""

    def __aiter__(self) -> AsyncIterator[Record]: ...

    async def commit(self) -> None:
        """What was handed over so far needs not come again."""


class Writer:
    """Says one thing and waits until Kafka keeps it."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def say(self, topic: str, value: bytes, about: CloudEvent) -> None:
        """One record. Its key is the incident, so that everything about one call stays in order."""
        headers = cloudevents.headers(about)
        key = about.subject.encode()
        await self._producer.send_and_wait(topic, value, key=key, headers=headers)  # type: ignore[no-untyped-call]


@asynccontextmanager
async def ends(kafka: Kafka, topic: str, group: str) -> AsyncIterator[tuple[Reader, Writer]]:
    """Reads `topic` as `group` from where it left off, or from the beginning, and writes anywhere."""
    consumer = AIOKafkaConsumer(  # type: ignore[no-untyped-call]
        topic,
        **connection(kafka),
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    producer = AIOKafkaProducer(  # type: ignore[no-untyped-call]
        **connection(kafka), enable_idempotence=True, acks="all"
    )
    async with producer, consumer:
        yield cast(Reader, consumer), Writer(producer)
