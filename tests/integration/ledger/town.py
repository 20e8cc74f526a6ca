"""A town on real servers: its topics in Kafka, its ledger, and lanes whose messages really leave."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from aiokafka import AIOKafkaProducer
from building import CITY_311, FRAMES, KEYS, a_heard_signal, a_record, a_signal, an_event, garbage, rules
from hands import Lane, a_lane

from bridge.channels.kafka import KafkaChannel
from bridge.cli.brokers import brokers
from bridge.cli.kafka_log import kafka_log
from bridge.cli.topic_plan import Topic
from bridge.domain.cad import CadEvent, EventKind
from bridge.domain.signal import Signal, SignalKind
from bridge.ledger.report import Report
from bridge.ledger.verify import verify
from bridge.settings import Kafka
from bridge.wire import cad_events, signals

TOPICS = (
    *("cad.events", "hotline.signals", "cad.returns", "bridge.status", "bridge.quarantine"),
    *("crisis-line.offers", "city-311.offers"),
)


@dataclass
class Town:
    """One town's way to Kafka and to its ledger. Topics begin with `prefix` and have one partition."""

    dsn: str
    kafka: Kafka
    prefix: str
    producer: AIOKafkaProducer
    channel: KafkaChannel
    said: list[CadEvent] = field(default_factory=list)

    def topic(self, name: str) -> str:
        return self.prefix + name

    async def puts(self, name: str, value: bytes, headers: list[tuple[str, bytes]] | None = None) -> int:
        """A record in Kafka; answers its offset."""
        stored = await self.producer.send_and_wait(self.topic(name), value, key=b"INV", headers=headers or [])
        return stored.offset

    async def calls(self, lane: Lane, *events: CadEvent) -> None:
        """CAD says so in Kafka, and the lane reads it."""
        for event in events:
            offset = await self.puts("cad.events", cad_events.encode(FRAMES, event))
            await lane.reads(a_record(event, offset, topic=self.topic("cad.events")))

    async def signals(self, lane: Lane, *given: Signal) -> None:
        """Somebody says so in Kafka, and the lane hears it."""
        for signal in given:
            offset = await self.puts("hotline.signals", signals.encode(FRAMES, signal))
            await lane.hears(a_heard_signal(signal, offset, topic=self.topic("hotline.signals")))

    def lane(self, name: str = "a") -> "asynccontextmanager[Lane]":
        return a_lane(
            self.dsn, name, given=rules(prefix=self.prefix), channel=self.channel, prefix=self.prefix
        )

    async def verified(self) -> Report:
        return await verified(self.dsn, self.kafka, self.prefix)


async def verified(dsn: str, kafka: Kafka, prefix: str) -> Report:
    """The report on one town's ledger and topics."""
    sent_to = [prefix + name for name in TOPICS[2:]]
    async with kafka_log(kafka) as log:
        return await verify(dsn, KEYS, log, cad_topic=f"{prefix}cad.events", sent_to=sent_to)


@asynccontextmanager
async def a_town(dsn: str, bootstrap: str) -> AsyncIterator[Town]:
    """New topics, and a producer of its own."""
    kafka = Kafka(bootstrap=(bootstrap,))
    prefix = f"{uuid.uuid4().hex[:8]}."
    async with brokers(kafka) as making:
        await making.make([Topic(prefix + name, 1, 1) for name in TOPICS])
    new_producer = partial(AIOKafkaProducer, bootstrap_servers=bootstrap, enable_idempotence=True, acks="all")
    producer, channel = new_producer(), KafkaChannel(new_producer, FRAMES, source="bridge/tests")
    await producer.start()
    try:
        yield Town(dsn, kafka, prefix, producer, channel)
    finally:
        await asyncio.gather(producer.stop(), channel.close())


async def a_busy_evening(town: Town, lane: Lane) -> None:
    """A call that was taken and closed, one that is out with its second hotline, one that came back, one
    that stays, one that is told twice, and a record that nobody can read."""
    events = [an_event(f"INV-{number}", f"e{number}", weapon=number == 4) for number in (1, 2, 3, 4)]
    await town.calls(lane, *events, events[0])
    await town.calls(lane, an_event("INV-1", "e5", kind=EventKind.NOTE_ADDED, note="HE IS COLD"))
    offset = await town.puts("cad.events", b"garbage")
    await lane.reads(garbage(offset, topic=town.topic("cad.events")))
    await town.signals(
        lane,
        a_signal(SignalKind.ALERTING),
        a_signal(SignalKind.VOICE_CONTACT),
        a_signal(SignalKind.CLOSED),
        a_signal(SignalKind.DECLINED, "INV-2", reason="full"),
        a_signal(SignalKind.ALERTING, "INV-2", attempt=2, by=CITY_311),
        a_signal(SignalKind.VOICE_CONTACT, "INV-3"),
        a_signal(SignalKind.RETURN_ASKED, "INV-3"),
        a_signal(SignalKind.RETURN_TAKEN, "INV-3", by="911"),
        a_signal(SignalKind.VOICE_CONTACT, "INV-3", name="late"),
        a_signal(SignalKind.VOICE_CONTACT, "INV-404"),
    )
