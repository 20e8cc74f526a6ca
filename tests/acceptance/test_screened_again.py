"""A running worker screens a call that waits by itself, though CAD says nothing more about it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from hands import time_goes_by

from bridge.app.parts import key_ring
from bridge.domain.cad import CallType
from bridge.domain.message import ReturnKind
from bridge.sandbox.world import World
from bridge.wire import returns
from tests.faults.calls import AGENCY, Course, Told, created
from tests.faults.ground import Ground, new_ground
from tests.faults.lanes import Lane, running
from tests.faults.reckoning import drained, verified
from tests.faults.traffic import everything_on, send

pytestmark = pytest.mark.asyncio(loop_scope="module")

WAITS = """
[[scope]]
id = "waiting"
sentence = "Nobody was sent for a quarter of an hour: ask the caller."
verdict = "recommend"
call_types = ["WAITS"]
waiting_minutes = 15
route = ["city-311"]
"""


@pytest.fixture(scope="module")
def ground(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = new_ground(world, Path(tmp_path_factory.mktemp("again")))
    policy = made.folder / "policies" / "dallas.toml"
    policy.write_text(policy.read_text() + WAITS)
    yield made
    made.remove()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lanes(ground: Ground) -> AsyncIterator[tuple[Lane, ...]]:
    async with running(ground, "a", "b") as workers:
        yield tuple(workers)


async def decisions(ledger: "asyncpg.Connection[asyncpg.Record]", name: str) -> list[tuple[int, int, str]]:
    rows = await ledger.fetch(
        "select version, screening, verdict from decision where incident_key = $1 order by 1, 2",
        f"{AGENCY}/{name}",
    )
    return [tuple(row) for row in rows]


async def test_a_call_to_which_nobody_was_sent_comes_to_the_call_taker_by_itself(ground, lanes):
    call = replace(created("INV-W1"), call_type=CallType("WAITS"))
    assert await drained(ground, await send(ground, [Told("INV-W1", 1, Course.OPEN, call)]))
    ledger = await ground.ledger()
    try:
        assert await decisions(ledger, "INV-W1") == [(1, 1, "keep")]
        await time_goes_by(ledger, 15, key_ring(ground.settings))
        async with asyncio.timeout(20):
            while len(found := await decisions(ledger, "INV-W1")) < 2:  # noqa: ASYNC110 - a row
                await asyncio.sleep(0.05)
            while await ledger.fetchval("select count(*) from outbox where state <> 'delivered'"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await ledger.close()
    assert found == [(1, 1, "keep"), (1, 2, "recommend")]
    said = [
        returns.decode(ground.frames, one.value) for one in await everything_on(ground, ground.topics.returns)
    ]
    assert [(one.kind, one.incident_id) for one in said] == [(ReturnKind.RECOMMENDATION, "INV-W1")]
    assert await verified(ground) == "clean"
