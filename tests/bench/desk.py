"""How long it takes to say by HTTP that a counsellor has the caller, while the stream goes on beside.

A worker and a desk run as whole processes on servers of this machine. Calls were offered by the worker
before; each is accepted once, at a steady rate, and timed from request to answer by who asks.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

import aiohttp
import asyncpg

from bridge.app.parts import frames_of, open_ledger
from bridge.domain.ids import DestinationId
from bridge.ledger.desk import Asker, add_key
from bridge.settings import connection
from bridge.wire import cad_events
from tests.bench.disk import Spread, made_safe, spread
from tests.bench.ground import HOTLINE, UNSENT, Ground, Servers, new_ground
from tests.bench.load import an_event

if TYPE_CHECKING:
    from aiokafka import AIOKafkaProducer

LIMIT_MS = 25.0
_WARM_UP = 25
_PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """So many accepts a second for so long, beside so many CAD events a second: each of these rates once."""

    accepts_per_second: float = 50.0
    seconds: float = 20.0
    events_per_second: tuple[float, ...] = (20.0, 80.0)

    @property
    def accepts(self) -> int:
        """How many calls are accepted at each rate of events."""
        return int(self.accepts_per_second * self.seconds)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepts took beside one rate of events, in milliseconds."""

    events_per_second: float
    refused: int
    took: Spread


@dataclass(frozen=True, slots=True)
class DeskFindings:
    """What was found, in milliseconds. `disk_before` and `disk_after`: the disk alone, where it is here."""

    plan: DeskPlan
    runs: tuple[Accepted, ...]
    disk_before: Spread | None = None
    disk_after: Spread | None = None
    limit: float = LIMIT_MS

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.plan.accepts} accepts at {self.plan.accepts_per_second:g}/s"
        for run in self.runs:
            met = "met" if run.took.p99 <= self.limit else "MISSED"
            yield (
                f"beside {run.events_per_second:g} CAD events/s: {_said(run.took)}; refused {run.refused}"
                f" (goal p99 <= {self.limit:g} ms: {met})"
            )
        for when, disk in (("before", self.disk_before), ("after", self.disk_after)):
            if disk is not None:
                yield f"the disk alone, {when}: {_said(disk)}"


def _said(of: Spread) -> str:
    return f"p50 {of.p50:.1f} ms, p90 {of.p90:.1f} ms, p99 {of.p99:.1f} ms, worst {of.worst:.1f} ms"


async def measure_desk(servers: Servers, plan: DeskPlan) -> DeskFindings:
    """Run each rate once. The disk is looked at before and after, while nothing else is at work."""
    from tests.bench.workers import Peer, running

    before = made_safe(servers.disk) if servers.disk is not None else None
    async with new_ground(servers, partitions=4) as ground:
        with running(Peer.BRIDGE, ground):
            async with _desk(ground) as url, _cad(ground) as cad:
                key = await _key(ground)
                runs = [await _run(ground, plan, rate, cad, url, key) for rate in plan.events_per_second]
    after = made_safe(servers.disk) if servers.disk is not None else None
    return DeskFindings(plan, tuple(runs), before, after)


class _desk:  # noqa: N801 - a context manager reads as a noun
    """A desk as a process of its own."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> str:
        port = 20_000 + os.getpid() % 20_000
        environment = {
            **os.environ,
            **self._ground.environment,
            "BRIDGE_DESK__PORT": str(port),
            "BRIDGE_WORKER__PROBES_PORT": "0",
            "BRIDGE_DESK__URGENT_PER_SECOND": "1000",
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bridge", "desk", env=environment, cwd=self._ground.folder
        )
        url = f"http://127.0.0.1:{port}"
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await _answers(url)
        except TimeoutError:
            self._process.kill()
            raise
        return url

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None, "it was started"
        self._process.terminate()
        await asyncio.wait_for(self._process.wait(), 20)


async def _answers(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{url}/health") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)


async def _key(ground: Ground) -> str:
    key = uuid4().hex
    ledger = await open_ledger(ground.settings, frames_of(ground.settings), worker="bench")
    try:
        asker = Asker("bench", destination=DestinationId(HOTLINE))
        assert await add_key(ledger, sha256(key.encode()).digest(), asker, None)
    finally:
        await ledger.close()
    return key


class _Cad:
    """Sends CAD events, each of a call of its own."""

    def __init__(self, ground: Ground, producer: "AIOKafkaProducer") -> None:
        self._topic = ground.settings.kafka.topics.cad_events
        self._frames = frames_of(ground.settings)
        self._producer = producer
        self._number = 0

    async def send(self) -> None:
        """The next one."""
        event = replace(an_event(self._number), callback=f"214{self._number:07}")
        value = cad_events.encode(self._frames, event)
        await self._producer.send(self._topic, value, key=event.incident_id.encode())
        self._number += 1

    async def goes_on(self, per_second: float) -> None:
        """At this rate, until it is cancelled."""
        began, count = time.monotonic(), 0
        while True:
            await self.send()
            count += 1
            await asyncio.sleep(max(0, began + count / per_second - time.monotonic()))


@asynccontextmanager
async def _cad(ground: Ground) -> AsyncIterator[_Cad]:
    from aiokafka import AIOKafkaProducer

    producer = AIOKafkaProducer(**connection(ground.settings.kafka), linger_ms=0)
    await producer.start()
    try:
        yield _Cad(ground, producer)
    finally:
        await producer.stop()


async def _run(
    ground: Ground, plan: DeskPlan, events_per_second: float, cad: _Cad, url: str, key: str
) -> Accepted:
    """Offers are made ahead; then each is accepted, at a steady rate, while CAD goes on."""
    offered = await _offered(ground, cad, plan.accepts + _WARM_UP)
    took, refused = list[float](), 0

    async def accept(session: aiohttp.ClientSession, transfer: str, *, counts: bool) -> None:
        nonlocal refused
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": transfer}
        began = time.monotonic()
        async with session.post(
            f"{url}/v1/transfers/{transfer}/voice-contact", json={}, headers=headers
        ) as said:
            await said.read()
            if counts:
                took.append(time.monotonic() - began)
                refused += said.status != 200

    stream = asyncio.create_task(cad.goes_on(events_per_second))
    try:
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
            for transfer in offered[:_WARM_UP]:
                await accept(session, transfer, counts=False)
            began = time.monotonic()
            for number, transfer in enumerate(offered[_WARM_UP:]):
                await asyncio.sleep(max(0, began + number / plan.accepts_per_second - time.monotonic()))
                group.create_task(accept(session, transfer, counts=True))
    finally:
        stream.cancel()
    return Accepted(events_per_second, refused, spread(took))


async def _offered(ground: Ground, cad: _Cad, count: int) -> list[str]:
    """So many transfers that are offered to the hotline and that nobody has accepted."""
    sql = await asyncpg.connect(ground.settings.ledger.dsn)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                rows = await sql.fetch(_OFFERED, HOTLINE, count)
                if len(rows) == count and not await sql.fetchval(UNSENT):
                    return [row["transfer_id"] for row in rows]
                for _ in range(count - len(rows)):
                    await cad.send()
                await asyncio.sleep(1)
    finally:
        await sql.close()


_OFFERED = """
select transfer_id from transfer where state = 'offered' and destination = $1 order by created_at limit $2
"""
