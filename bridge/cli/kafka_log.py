"""Reads back what Kafka keeps, for checks: every record of a partition in order, as ids and hashes.

Has no consumer group and commits nothing. Knows aiokafka's consumer; knows nothing of the ledger's rows.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from bridge.cli.brokers import brokers
from bridge.errors import EngineError
from bridge.ledger.record_log import LogRecord
from bridge.settings import Kafka, connection
from bridge.wire import cloudevents

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 500
_SILENCE_SECONDS = 10.0
_LARGEST_FETCH = 16 * 1024 * 1024


class Consumer(Protocol):
    """What we use of aiokafka's consumer."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def beginning_offsets(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]: ...

    async def end_offsets(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]: ...

    def assign(self, places: Sequence[TopicPartition]) -> None: ...

    def seek(self, place: TopicPartition, offset: int) -> None: ...

    async def position(self, place: TopicPartition) -> int: ...

    async def getmany(
        self, place: TopicPartition, *, timeout_ms: int, max_records: int
    ) -> dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]: ...


class KafkaLog:
    """The records that Kafka keeps. EngineError when it stops answering."""

    def __init__(self, consumer: Consumer, partitions: Mapping[str, int]) -> None:
        self._consumer = consumer
        self._partitions = partitions

    async def partitions(self, topic: str) -> Sequence[int]:
        """The partitions of a topic; none when there was no such topic when the connection was opened."""
        return range(self._partitions.get(topic, 0))

    async def reach(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset that is kept, and the one that the next record will have."""
        place = TopicPartition(topic, partition)
        first = await self._consumer.beginning_offsets([place])
        end = await self._consumer.end_offsets([place])
        return first[place], end[place]

    async def read(
        self, topic: str, partition: int, first: int, until: int
    ) -> AsyncIterator[Sequence[LogRecord]]:
        """The records in [first, until) that are kept, in order, some at a time."""
        if first >= until:
            return
        place = TopicPartition(topic, partition)
        self._consumer.assign([place])
        self._consumer.seek(place, first)
        heard = time.monotonic()
        while (at := await self._consumer.position(place)) < until:
            found = await self._consumer.getmany(place, timeout_ms=200, max_records=_AT_ONCE)
            records = [record for record in found.get(place, ()) if record.offset < until]
            if records:
                yield [_log_record(record) for record in records]
            if records or await self._consumer.position(place) > at:
                heard = time.monotonic()
            elif time.monotonic() - heard > _SILENCE_SECONDS:
                raise EngineError(
                    f"{topic}[{partition}]: nothing comes after offset {at}, and the log ends at {until}; "
                    "see that every broker is up, and that the bridge may read this topic"
                )


@asynccontextmanager
async def kafka_log(kafka: Kafka) -> AsyncIterator[KafkaLog]:
    """Open a connection for the block. EngineError, with the remedy, when nobody answers."""
    consumer: Consumer = AIOKafkaConsumer(  # type: ignore[no-untyped-call]
        **connection(kafka),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_uncommitted",  # as the lanes read
        fetch_max_wait_ms=20,
        retry_backoff_ms=10,  # waited for each topic that the client has not heard of yet
        max_partition_fetch_bytes=_LARGEST_FETCH,
        request_timeout_ms=10_000,
        client_id="bridge-verify",
    )
    try:
        async with brokers(kafka) as looking:
            partitions = await looking.partitions()
        await consumer.start()
        await asyncio.sleep(0)  # its own task must have begun, or stopping it raises CancelledError
        yield KafkaLog(consumer, partitions)
    except KafkaError as error:
        raise EngineError(
            f"kafka.bootstrap: {', '.join(kafka.bootstrap)} failed with {type(error).__name__}; "
            "start Kafka there, or correct kafka.bootstrap and how it signs in"
        ) from error
    finally:
        await consumer.stop()


def _log_record(record: ConsumerRecord[bytes, bytes]) -> LogRecord:
    event = cloudevents.parse(record.headers)
    return LogRecord(
        offset=record.offset,
        produced_at=_EPOCH + timedelta(milliseconds=max(record.timestamp, 0)),
        message_id=event.id,
        source=event.source,
        sha256=hashlib.sha256(record.value or b"").digest(),
    )
