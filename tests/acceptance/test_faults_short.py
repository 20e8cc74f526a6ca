"""Workers die, servers go away, tasks end: nothing is lost, nothing happens twice, order is kept.

The short edition of `python -m tests.faults --all`: the same scenarios, on real servers, with fewer events.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.sandbox.world import World
from tests.faults import deaths, servers
from tests.faults.ground import Ground, new_ground
from tests.faults.lanes import Lane, running
from tests.faults.reckoning import Outcome
from tests.faults.seams import Fault, Point
from tests.faults.servers import Blow

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def ground(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = new_ground(world, Path(tmp_path_factory.mktemp("faults")), partitions=2)
    yield made
    made.remove()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lane(ground: Ground) -> AsyncIterator[Lane]:
    """One worker, ready, that every test leaves ready for the next one."""
    async with running(ground, "a") as (worker,):
        yield worker


def nothing_lost(outcome: Outcome) -> None:
    assert outcome.wrong == []
    assert (outcome.lost, outcome.decided) == (0, outcome.events)
    print(outcome.cell, f"{outcome.seconds:.1f} s", outcome.takeover)


@pytest.mark.parametrize(
    "point",
    [
        Point.BEFORE_TRANSACTION,
        Point.BEFORE_COMMIT,
        Point.BEFORE_ACK,
        Point.AFTER_ACK,
        Point.AFTER_SEND,
    ],
)
async def test_a_worker_killed_at_any_point_loses_nothing(lane: Lane, point: Point):
    nothing_lost(await deaths.killed_at(lane, point))


async def test_a_worker_killed_while_a_hotline_answers_hears_each_signal_once(lane: Lane):
    nothing_lost(await deaths.killed_while_a_hotline_answers(lane, events=30))


@pytest.mark.parametrize(
    ("point", "fault"),
    [
        (Point.BEFORE_TRANSACTION, Fault.RAISE),
        (Point.IN_THE_COALESCER, Fault.CANCEL),
        (Point.IN_THE_SENDING, Fault.CANCEL),
        (Point.IN_THE_ROUNDS, Fault.RAISE),
    ],
)
async def test_a_worker_with_a_dead_task_ends_and_never_stalls_alive(lane: Lane, point: Point, fault: Fault):
    nothing_lost(await deaths.falls_at(lane, point, fault, events=30))


@pytest.mark.parametrize("blow", [Blow.KAFKA_KILLED, Blow.POSTGRES_KILLED])
async def test_a_server_that_goes_away_and_comes_back_costs_time_only(lane: Lane, blow: Blow):
    nothing_lost(await servers.server_falls(lane, blow, seconds=4))


async def test_commits_whose_answers_are_lost_happen_once(lane: Lane, ground: Ground):
    await lane.stop()
    nothing_lost(await servers.commits_unheard(ground, cuts=4, events=60))


async def test_two_lanes_of_which_one_is_killed_every_second_lose_nothing(lane: Lane, ground: Ground):
    lane.kill()
    nothing_lost(await deaths.killed_every_second(ground, seconds=8))


async def test_a_lane_killed_in_a_backlog_leaves_no_offer_unsent(lane: Lane, ground: Ground):
    lane.kill()
    nothing_lost(await deaths.killed_in_a_backlog(ground, events=2_000))
