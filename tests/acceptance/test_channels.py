"""Every channel passes one suite, against a real other side."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import channel_suite
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from building import AGENCY, FRAMES
from channel_suite import SUITE, Arrived

from bridge.channels.contract import Channel, Message
from bridge.channels.kafka import KafkaChannel
from bridge.cli.brokers import brokers
from bridge.cli.topic_plan import Topic
from bridge.domain.decision import PolicyRef, TransferKind
from bridge.domain.ids import DestinationId, IncidentId, MessageId, TransferId
from bridge.domain.message import Offer, OfferKind, Quarantined, Return, ReturnKind, Status
from bridge.settings import load

if TYPE_CHECKING:
    from bridge.sandbox.world import World

LARGEST = 100_000
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def messages() -> list[Message]:
    """One of each kind that can leave, of one incident."""
    incident = IncidentId("INV-1")
    return [
        Offer(
            MessageId("m1"),
            TransferId("t1"),
            1,
            OfferKind.OFFER,
            AGENCY,
            incident,
            DestinationId("crisis-line"),
            NOW,
            TransferKind.VOICE,
            PolicyRef("town", "1"),
            deadline=NOW,
        ),
        Return(MessageId("m2"), ReturnKind.OFFERED, AGENCY, incident, 2, NOW, "911"),
        Status(MessageId("m3"), AGENCY, incident, 3, NOW, "transfer.offered", "911"),
        Quarantined("cad.events", 0, 17, "unknown_frame", 7, "0" * 64, NOW),
    ]


@dataclass
class KafkaGround:
    """The Kafka channel and a real broker."""

    channel: Channel
    address: str
    world: "World"
    nowhere: str = "no-such-topic"
    largest: int = LARGEST

    async def arrived(self, count: int) -> list[Arrived]:
        consumer = AIOKafkaConsumer(
            self.address, bootstrap_servers=self.world.kafka.bootstrap, auto_offset_reset="earliest"
        )
        async with consumer, asyncio.timeout(20):
            records = [await consumer.getone() for _ in range(count)]
        return [Arrived(record.key, tuple(record.headers), record.value) for record in records]

    async def other_side_restarts(self) -> None:
        await asyncio.to_thread(self.world.kafka.restart)


@pytest.fixture
async def ground(world: "World") -> AsyncIterator[KafkaGround]:
    topic = f"channel-{uuid.uuid4().hex[:8]}.offers"
    settings = load(None, world.environment())
    async with brokers(settings.kafka) as kafka:
        await kafka.make([Topic(topic, 1, 1, {"max.message.bytes": str(LARGEST)})])
    channel = KafkaChannel(
        partial(
            AIOKafkaProducer,
            bootstrap_servers=world.kafka.bootstrap,
            enable_idempotence=True,
            acks="all",
            request_timeout_ms=3000,
            max_request_size=LARGEST * 2,
        ),
        FRAMES,
        source="bridge/tests",
    )
    yield KafkaGround(channel, topic, world)
    await channel.close()


@pytest.mark.parametrize("promise", SUITE, ids=lambda promise: promise.__name__)
async def test_the_kafka_channel(
    promise: Callable[[channel_suite.Ground, list[Message]], Awaitable[None]], ground: KafkaGround
):
    await promise(ground, messages())
