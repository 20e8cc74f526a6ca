"""A policy on trial decides beside the one in force in a running worker, and nobody outside sees it."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.domain.message import ReturnKind
from bridge.ledger.shadows import VerdictCount, shadow_summary
from bridge.sandbox.world import World
from bridge.wire import returns
from tests.acceptance.test_reload import SOON, in_force, shows, takes, version
from tests.faults.calls import evening
from tests.faults.ground import Ground, new_ground
from tests.faults.lanes import Lane, running
from tests.faults.reckoning import reckon
from tests.faults.traffic import everything_on, send

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SHADOW_REFUSED = 'bridge_rules_refused{rules="shadow"}'


@pytest.fixture(scope="module")
def ground(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = Path(tmp_path_factory.mktemp("shadow"))
    made = new_ground(world, folder, but=SOON | {"BRIDGE_PATHS__SHADOW": str(folder / "trial")})
    (folder / "trial").mkdir()
    live = (made.folder / "policies" / "dallas.toml").read_text()
    (folder / "trial" / "next.toml").write_text(version(live, 9, "recommend"))
    yield made
    made.remove()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lane(ground: Ground) -> AsyncIterator[Lane]:
    async with running(ground, "a") as (worker,):
        yield worker


async def test_an_evening_with_a_shadow_is_an_evening_without_one_and_is_compared(ground, lane):
    told = evening("INV-S", 40)
    outcome = await reckon(ground, "shadow", await send(ground, told), "INV-S")
    assert (outcome.wrong, outcome.lost) == ([], 0)
    summary = await shadow_summary(ground.settings.ledger.dsn, LONG_AGO)
    assert sum(one.decisions for one in summary.verdicts) == len(told)
    differing = [one for one in summary.verdicts if one.live != one.shadow]
    assert differing[0] == VerdictCount("dallas-example", "9", "offer", "recommend", differing[0].decisions)
    counted = re.findall(r"^bridge_shadow_decisions_total\{.*\} (\S+)$", lane.exposition(), re.M)
    assert sum(map(float, counted)) == len(told)
    said = [
        returns.decode(ground.frames, one.value) for one in await everything_on(ground, ground.topics.returns)
    ]
    assert said and ReturnKind.RECOMMENDATION not in {one.kind for one in said}


async def test_a_shadow_that_cannot_be_used_ends_by_itself(ground, lane):
    trial = Path(ground.environment["BRIDGE_PATHS__SHADOW"]) / "next.toml"
    before = in_force(lane.exposition())
    trial.write_text("x =")
    await takes(lane, before)
    await shows(lane, f"{SHADOW_REFUSED} 1.0")
    await shows(lane, 'bridge_rules_refused{rules="live"} 0.0')
    outcome = await reckon(ground, "bad shadow", await send(ground, evening("INV-T", 10)), "INV-T")
    assert (outcome.wrong, outcome.lost) == ([], 0)
    summary = await shadow_summary(ground.settings.ledger.dsn, LONG_AGO)
    assert sum(one.decisions for one in summary.verdicts) == len(evening("INV-S", 40))
