"""What an operator sees of a worker over HTTP, while its servers come and go."""

import asyncio
import json
import re
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.faults.calls import evening
from tests.faults.ground import Ground, new_ground
from tests.faults.lanes import Lane, running
from tests.faults.reckoning import drained
from tests.faults.traffic import send

if TYPE_CHECKING:
    from bridge.sandbox.world import World


@pytest.fixture(scope="module")
def ground(world: "World", tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return new_ground(world, tmp_path_factory.mktemp("probes"))


def asked(lane: Lane, page: str) -> tuple[int, dict[str, object]]:
    try:
        with urlopen(f"http://127.0.0.1:{lane.port}/health/{page}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


async def becomes(lane: Lane, page: str, status: int, within_s: float = 30.0) -> dict[str, object]:
    async with asyncio.timeout(within_s):
        while True:
            answer, said = await asyncio.to_thread(asked, lane, page)
            if answer == status:
                return said
            await asyncio.sleep(0.1)


async def shows(lane: Lane, line: str, within_s: float = 15.0) -> None:
    async with asyncio.timeout(within_s):
        while True:
            if line in await asyncio.to_thread(lane.exposition):
                return
            await asyncio.sleep(0.1)


def metric(lane: Lane, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", lane.exposition(), re.M)
    assert found, line
    return float(found[1])


async def test_a_worker_counts_what_it_decided_and_shows_no_lag(ground: Ground):
    async with running(ground, "a") as [lane]:
        told = evening("INV-P", 30)
        sent = await send(ground, told)
        assert await drained(ground, sent)
        assert asked(lane, "started")[0] == asked(lane, "live")[0] == asked(lane, "ready")[0] == 200
        assert metric(lane, 'bridge_events_total{outcome="applied"}') == len(told)
        offers = metric(lane, 'bridge_transfers_entered_total{state="offered"}')
        assert offers == len({one.incident_id for one in told})
        assert metric(lane, 'bridge_deliveries_total{destination="crisis-line",result="delivered"}') >= offers
        assert metric(lane, "bridge_screening_seconds_count") == len(told)
        topic = ground.topics.cad_events
        await shows(lane, f'bridge_lag_records{{partition="0",topic="{topic}"}} 0.0')
        for invariant in range(1, 9):
            assert metric(lane, f'bridge_invariant_broken{{invariant="{invariant}"}}') == 0


async def test_no_caller_id_is_a_label(ground: Ground):
    async with running(ground, "a") as [lane]:
        assert "INV-" not in lane.exposition()


async def test_a_worker_without_its_ledger_is_alive_and_not_ready_and_comes_back(ground: Ground):
    async with running(ground, "a") as [lane]:
        await asyncio.to_thread(ground.world.postgres.stop, "immediate")
        try:
            said = await becomes(lane, "ready", 503, within_s=10)
            assert said["ledger"] == "not writable"
            assert asked(lane, "live")[0] == 200
            assert metric(lane, "bridge_ledger_lost_total") > 0
        finally:
            await asyncio.to_thread(ground.world.postgres.start)
        await becomes(lane, "ready", 200)
        assert lane.alive
