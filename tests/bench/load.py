"""The load: invented CAD events, three of four of them offers, and what is heard of them at the other end.

Each event is an incident of its own. Everything is encoded before a clock starts.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bridge.domain.cad import (
    Answer,
    CadEvent,
    Caller,
    CallType,
    Channel,
    CodedAnswer,
    EventKind,
    Location,
    Note,
)
from bridge.domain.ids import AgencyId, EventId, IncidentId
from bridge.settings import Settings, connection
from bridge.wire import cad_events
from bridge.wire.frames import Frames

AGENCY = AgencyId("police.dallas.example")
KEPT_EVERY = 4
"""One event in so many names a weapon and is not offered."""

_CALM = (
    "CALLER RPTS MALE ON BENCH O/S LIBRARY, TALKING TO SELF X 20 MIN, CALM, NO WPNS SEEN, NO INJ. WORE A "
    "GRAY COAT, HAS 2 BAGS. CALLER WORKS INSIDE AND HAS SPOKEN WITH HIM BEFORE, SAYS HE LOST HIS ROOM LAST "
    "WK AND WOULD LIKE SOMEBODY TO TALK WITH. CALLER WILL STAY ON LINE AND MEET WHOEVER COMES AT THE SIDE "
    "DOOR. ENTRY {n}"
)
_ARMED = _CALM.replace("CALM, NO WPNS SEEN", "HOLDS A KNIFE, YELLS")
_NO = tuple(CodedAnswer(each, Answer.NO, "N") for each in ("weapon", "violence", "medical", "police_only"))


@dataclass(frozen=True, slots=True)
class Call:
    """One event on its way: the record's key and value, and whether an offer must come of it."""

    key: bytes
    value: bytes
    offered: bool


def an_event(number: int, prefix: str = "B") -> CadEvent:
    """A CAD event with a narrative of about 300 characters; invented."""
    now = datetime.now(UTC)
    text = (_CALM if is_offered(number) else _ARMED).format(n=number)
    return CadEvent(
        event_id=EventId(f"{prefix}-e{number}"),
        incident_id=IncidentId(f"{prefix}-{number}"),
        agency=AGENCY,
        kind=EventKind.CREATED,
        at=now,
        call_type=CallType("46", "CIT"),
        priority=4,
        location=Location(
            text="100 EXAMPLE ST", district="B12", latitude=40.0, longitude=-60.0, uncertainty_m=18.0
        ),
        callback=f"+1555{number % 10**7:07}",
        caller=Caller(on_the_line=Answer.YES, first_party=Answer.NO),
        answers=_NO,
        notes=(Note(text, now, "ct-17"),),
        channel=Channel.NINE_ONE_ONE,
    )


def is_offered(number: int) -> bool:
    """Whether an offer must come of the event of this number."""
    return number % KEPT_EVERY != 0


def calls(frames: Frames, count: int, prefix: str) -> list[Call]:
    """So many events, encoded."""
    return [
        Call(f"{prefix}-{n}".encode(), cad_events.encode(frames, an_event(n, prefix)), is_offered(n))
        for n in range(count)
    ]


@asynccontextmanager
async def producer(settings: Settings, *, linger_ms: int = 0) -> AsyncIterator[AIOKafkaProducer]:
    """Writes as a CAD's gateway should: idempotent, every record waited for."""
    writer = AIOKafkaProducer(  # type: ignore[no-untyped-call]
        **connection(settings.kafka), acks="all", enable_idempotence=True, linger_ms=linger_ms
    )
    await writer.start()  # type: ignore[no-untyped-call]
    try:
        yield writer
    finally:
        await writer.stop()  # type: ignore[no-untyped-call]


async def store(settings: Settings, backlog: Sequence[Call]) -> None:
    """Put all on the topic of CAD events; returns when Kafka has them."""
    topic = settings.kafka.topics.cad_events
    async with producer(settings, linger_ms=20) as writer:
        sent = [await writer.send(topic, call.value, key=call.key) for call in backlog]  # type: ignore[no-untyped-call]
        await asyncio.gather(*sent)


async def send_at(settings: Settings, paced: Sequence[Call], rate: float) -> dict[bytes, float]:
    """Send so many a second; answer when each one was handed to the producer (`perf_counter`)."""
    topic, sent_at, pending = settings.kafka.topics.cad_events, dict[bytes, float](), []
    async with producer(settings) as writer:
        began = perf_counter()
        for number, call in enumerate(paced):
            early = began + number / rate - perf_counter()
            if early > 0:
                await asyncio.sleep(early)
            sent_at[call.key] = perf_counter()
            pending.append(await writer.send(topic, call.value, key=call.key))  # type: ignore[no-untyped-call]
        await asyncio.gather(*pending)
    return sent_at


@dataclass(slots=True)
class Heard:
    """What a hotline's topic said: when each incident's first message was read, and how often it came."""

    at: dict[bytes, float] = field(default_factory=dict)
    times: Counter[bytes] = field(default_factory=Counter)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, key: bytes) -> None:
        """One message about this incident."""
        self.at.setdefault(key, perf_counter())
        self.times[key] += 1
        self.changed.set()

    async def all_of(self, keys: set[bytes], within_s: float) -> bool:
        """Whether every one of `keys` was heard within so many seconds."""
        try:
            async with asyncio.timeout(within_s):
                while not keys <= self.at.keys():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def listening(settings: Settings, topic: str) -> AsyncIterator[Heard]:
    """Reads a hotline's topic from its beginning for as long as the block runs."""
    reader = AIOKafkaConsumer(  # type: ignore[no-untyped-call]
        topic, **connection(settings.kafka), auto_offset_reset="earliest", fetch_max_wait_ms=100
    )
    await reader.start()  # type: ignore[no-untyped-call]
    heard = Heard()
    try:
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(_listen(reader, heard))
            yield heard
            task.cancel()
    finally:
        await reader.stop()  # type: ignore[no-untyped-call]


async def _listen(reader: AIOKafkaConsumer, heard: Heard) -> None:
    async for record in reader:
        heard.hear(record.key or b"")
