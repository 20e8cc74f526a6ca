"""Scenarios in which a server goes away while events flow, or answers and is not heard.

A worker may go on by itself or end; one that ends is started again, as a supervisor would. Nobody helps
otherwise.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from bridge.sandbox.world import World
from tests.faults.calls import AGENCY, evening
from tests.faults.deaths import a_prefix
from tests.faults.ground import Ground
from tests.faults.lanes import Lane, running
from tests.faults.proxy import CutsCommits
from tests.faults.reckoning import Outcome, reckon
from tests.faults.traffic import send


class Blow(StrEnum):
    """What befalls a server."""

    KAFKA_RESTARTS = "Kafka is restarted"
    KAFKA_KILLED = "Kafka is killed and started"
    POSTGRES_FAST = "PostgreSQL is restarted, fast"
    POSTGRES_IMMEDIATE = "PostgreSQL is restarted, immediate"
    POSTGRES_KILLED = "PostgreSQL is killed and started"


def _strike(world: World, blow: Blow) -> None:
    match blow:
        case Blow.KAFKA_RESTARTS:
            world.kafka.restart()
        case Blow.KAFKA_KILLED:
            world.kafka.kill()
            world.kafka.start()
        case Blow.POSTGRES_FAST:
            world.postgres.restart("fast")
        case Blow.POSTGRES_IMMEDIATE:
            world.postgres.restart("immediate")
        case Blow.POSTGRES_KILLED:
            world.postgres.kill()
            world.postgres.start()


async def server_falls(lane: Lane, blow: Blow, *, seconds: float = 6.0, rate: float = 50.0) -> Outcome:
    """Strike a server a second after events began to flow through a ready worker."""
    ground, began, prefix = lane.ground, monotonic(), a_prefix()
    async with supervised(lane) as starts:
        told = evening(prefix, int(seconds * rate))
        sending = asyncio.create_task(send(ground, told, rate=rate))
        await asyncio.sleep(1)
        struck = monotonic()
        await asyncio.to_thread(_strike, ground.world, blow)
        gone_s = monotonic() - struck
        outcome = await reckon(ground, str(blow), await sending, prefix)
    outcome.takeover = f"gone {gone_s:.1f} s, worker started again {starts()} times"
    outcome.seconds = monotonic() - began
    return outcome


@asynccontextmanager
async def supervised(lane: Lane) -> AsyncIterator[Callable[[], int]]:
    """Start the worker again whenever it ends; answers how often that was."""
    starts = 0

    async def watch() -> None:
        nonlocal starts
        while True:
            if not lane.alive:
                starts += 1
                lane.start()
            await asyncio.sleep(0.1)

    watching = asyncio.create_task(watch())
    try:
        yield lambda: starts
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def commits_unheard(ground: Ground, *, cuts: int = 10, events: int = 200) -> Outcome:
    """The answers of COMMITs of decided turns get lost, one after the other: nothing happens twice."""
    began, prefix = monotonic(), a_prefix()
    mentions = f"{AGENCY}/{prefix}".encode()
    async with AsyncExitStack() as ends:
        folder = ends.enter_context(TemporaryDirectory(prefix="cut"))  # a socket's path must be short
        way = CutsCommits(ground.settings.ledger.dsn, Path(folder), mentions=mentions)
        await ends.enter_async_context(way)
        workers = running(ground, "a", environment=ground.through(way.dsn))
        (lane,) = await ends.enter_async_context(workers)
        sending = asyncio.create_task(send(ground, evening(prefix, events), rate=100))
        while way.cut < cuts and not sending.done():
            way.cut_next()
            await asyncio.sleep(0.15)
        outcome = await reckon(ground, "answers of COMMITs are lost", await sending, prefix)
        if not lane.alive:
            outcome.wrong.append("the worker ended over an answer that it could ask for again")
    outcome.takeover = f"{way.cut} answers lost"
    if not way.cut:
        outcome.wrong.append("no answer was lost: nothing was shown")
    outcome.seconds = monotonic() - began
    return outcome
