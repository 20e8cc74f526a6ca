"""How long it takes to say by HTTP that a counsellor has the caller, while the stream goes on beside.

A worker and a desk run as whole processes on servers of this machine. Calls are offered by the worker as CAD
events come; each is accepted once, at a steady rate, and timed from request to answer by who asks.
"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from uuid import uuid4

import aiohttp
import asyncpg

from bridge.app.parts import frames_of, open_ledger
from bridge.domain.ids import DestinationId
from bridge.ledger.desk import Asker, add_key
from tests.bench.disk import Spread, made_safe, spread
from tests.bench.ground import HOTLINE, Ground, Servers, new_ground
from tests.bench.load import an_event

LIMIT_MS = 25.0
_WARM_UP = 25
_PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """So many accepts a second for so long, beside so many CAD events a second."""

    accepts_per_second: float = 50.0
    seconds: float = 20.0
    events_per_second: float = 80.0


@dataclass(frozen=True, slots=True)
class DeskFindings:
    """What was found, in milliseconds. `disk_before` and `disk_after`: the disk alone, where it is here."""

    plan: DeskPlan
    accepts: int
    refused: int
    accepted: Spread
    disk_before: Spread | None = None
    disk_after: Spread | None = None
    limit: float = LIMIT_MS

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return {**told, "met": self.accepted.p99 <= self.limit}

    def lines(self) -> Iterator[str]:
        """For people."""
        met = "met" if self.accepted.p99 <= self.limit else "MISSED"
        yield (
            f"{self.accepts} accepts at {self.plan.accepts_per_second:g}/s beside"
            f" {self.plan.events_per_second:g} CAD events/s: {_said(self.accepted)}; refused {self.refused}"
            f" (goal p99 <= {self.limit:g} ms: {met})"
        )
        for when, disk in (("before", self.disk_before), ("after", self.disk_after)):
            if disk is not None:
                yield f"the disk alone, {when}: {_said(disk)}"


def _said(of: Spread) -> str:
    return f"p50 {of.p50:.1f} ms, p90 {of.p90:.1f} ms, p99 {of.p99:.1f} ms, worst {of.worst:.1f} ms"


async def measure_desk(servers: Servers, plan: DeskPlan) -> DeskFindings:
    """Run it once. The disk is looked at before and after, while nothing else is at work."""
    from tests.bench.workers import Peer, running

    before = made_safe(servers.disk) if servers.disk is not None else None
    async with new_ground(servers, partitions=4) as ground:
        with running(Peer.BRIDGE, ground):
            async with _desk(ground) as url:
                took, refused = await _accept(ground, plan, url, await _key(ground))
    after = made_safe(servers.disk) if servers.disk is not None else None
    return DeskFindings(plan, len(took), refused, spread(took), before, after)


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


async def _accept(ground: Ground, plan: DeskPlan, url: str, key: str) -> tuple[list[float], int]:
    from aiokafka import AIOKafkaProducer

    from bridge.settings import connection
    from bridge.wire import cad_events

    frames, offered = frames_of(ground.settings), asyncio.Queue[str]()
    producer = AIOKafkaProducer(**connection(ground.settings.kafka), linger_ms=0)
    await producer.start()
    stop = asyncio.Event()

    async def stream() -> None:
        """CAD goes on, in time."""
        began, number = time.monotonic(), 0
        while not stop.is_set():
            event = replace(an_event(number), callback=f"214{number:07}")
            topic = ground.settings.kafka.topics.cad_events
            await producer.send(topic, cad_events.encode(frames, event), key=event.incident_id.encode())
            number += 1
            await asyncio.sleep(max(0, began + number / plan.events_per_second - time.monotonic()))

    async def watch() -> None:
        """Transfers that are offered, as the ledger has them."""
        sql, seen = await asyncpg.connect(ground.settings.ledger.dsn), set[str]()
        while not stop.is_set():
            rows = await sql.fetch(
                "select transfer_id from transfer where state = 'offered' and destination = $1", HOTLINE
            )
            for row in rows:
                if row["transfer_id"] not in seen:
                    seen.add(row["transfer_id"])
                    offered.put_nowait(row["transfer_id"])
            await asyncio.sleep(0.1)
        await sql.close()

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

    tasks = [asyncio.create_task(stream()), asyncio.create_task(watch())]
    try:
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
            while offered.qsize() < 2 * _WARM_UP:  # noqa: ASYNC110 - a queue has no event for how long it is
                await asyncio.sleep(0.1)
            for _ in range(_WARM_UP):
                await accept(session, await offered.get(), counts=False)
            began = time.monotonic()
            for number in range(int(plan.accepts_per_second * plan.seconds)):
                transfer = await asyncio.wait_for(offered.get(), 30)
                await asyncio.sleep(max(0, began + number / plan.accepts_per_second - time.monotonic()))
                group.create_task(accept(session, transfer, counts=True))
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        await producer.stop()
    return took, refused
