"""CAD events on their way in and offers read at the other end, both as Kafka has them.

Every event is waited for until the broker keeps it: what is counted as sent was acknowledged.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from bridge.domain.message import Offer
from bridge.settings import connection
from bridge.wire import cad_events, offers
from tests.faults.calls import Told
from tests.faults.ground import LARGEST_RECORD, Ground

Record = ConsumerRecord[bytes | None, bytes | None]


@dataclass(slots=True)
class Sent:
    """What Kafka keeps: each event with its place (partition, offset) on the topic of CAD events."""

    told: list[tuple[Told, int, int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.told)


@asynccontextmanager
async def producer(ground: Ground, *, linger_ms: int = 0) -> AsyncIterator[AIOKafkaProducer]:
    """Writes as a CAD's gateway should: idempotent, every record waited for, in order over a restart."""
    writer = AIOKafkaProducer(
        **connection(ground.settings.kafka),
        acks="all",
        enable_idempotence=True,
        linger_ms=linger_ms,
        max_request_size=LARGEST_RECORD,
        request_timeout_ms=30_000,
        metadata_max_age_ms=5_000,
    )
    await writer.start()
    try:
        yield writer
    finally:
        await writer.stop()


async def send(ground: Ground, told: Sequence[Told], *, rate: float | None = None) -> Sent:
    """Send all, so many a second or as fast as Kafka takes them; returns when Kafka keeps every one."""
    topic, sent = ground.topics.cad_events, Sent()
    pending = []
    async with producer(ground, linger_ms=0 if rate else 20) as writer:
        began = monotonic()
        for number, one in enumerate(told):
            early = began + number / rate - monotonic() if rate else 0.0
            if early > 0:
                await asyncio.sleep(early)
            value = cad_events.encode(ground.frames, one.event)
            pending.append(await writer.send(topic, value, key=one.incident_id.encode()))
        for one, kept in zip(told, await asyncio.gather(*pending), strict=True):
            sent.told.append((one, kept.partition, kept.offset))
    return sent


async def everything_on(ground: Ground, topic: str) -> list[Record]:
    """All records of a topic, in each partition's order."""
    reader = AIOKafkaConsumer(**connection(ground.settings.kafka), auto_offset_reset="earliest")
    await reader.start()
    try:
        partitions = reader.partitions_for_topic(topic) or await _partitions(reader, topic)
        places = [TopicPartition(topic, number) for number in sorted(partitions)]
        reader.assign(places)
        await reader.seek_to_beginning(*places)
        ends = await reader.end_offsets(places)
        records: list[Record] = []
        for place in places:
            while await reader.position(place) < ends[place]:
                for found in (await reader.getmany(timeout_ms=200)).values():
                    records += found
        return records
    finally:
        await reader.stop()


async def _partitions(reader: AIOKafkaConsumer, topic: str) -> set[int]:
    """A broker that has just come back may answer with no topic at all, so it is asked again."""
    async with asyncio.timeout(60):
        while True:
            await reader._client.add_topic(topic)
            await reader._client.force_metadata_update()
            if found := reader.partitions_for_topic(topic):
                return set(found)
            await asyncio.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Read:
    """One offer as the hotline read it: what it says, the bytes, and when the bridge sent it (ms)."""

    offer: Offer
    content: bytes
    sent_ms: int


async def offers_read(ground: Ground, prefix: str = "") -> list[Read]:
    """Every message on the hotline's topic about incidents of this prefix, repeats included."""
    read = []
    for record in await everything_on(ground, ground.offers):
        offer = offers.decode(ground.frames, record.value)
        if offer.incident_id.startswith(prefix):
            read.append(Read(offer, record.value or b"", record.timestamp))
    return read
