"""Every program's own way, played on real servers and two lanes, and its time line as it is kept here.

`BRIDGE_WRITE_TIME_LINES=1` writes the kept time lines anew; read what changed before you keep it.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.domain.ids import NINE_ONE_ONE, DestinationId
from bridge.sandbox.world import World
from tests.acceptance.stories.call import Call
from tests.acceptance.stories.page import PAGE, TIME_LINES, page
from tests.acceptance.stories.stage import READY_SECONDS, Stage, new_stage, set_stage
from tests.acceptance.stories.told import STORIES, Story
from tests.faults.ground import Ground
from tests.faults.lanes import Lane
from tests.faults.reckoning import verified

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRITES = bool(os.environ.get("BRIDGE_WRITE_TIME_LINES"))


@pytest.fixture(scope="module")
def ground(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = new_stage(world, Path(tmp_path_factory.mktemp("stories")))
    yield made
    made.remove()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(ground: Ground) -> AsyncIterator[Stage]:
    lanes = [Lane(ground, name) for name in "ab"]
    try:
        for lane in lanes:
            lane.start()
        async with set_stage(ground, _by_http()) as made:
            for lane in lanes:
                await lane.ready(READY_SECONDS)
            yield made
    finally:
        for lane in lanes:
            lane.kill()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def playing(stage: Stage) -> dict[str, "asyncio.Task[str]"]:
    """All stories, told at the same time."""
    return {story.name: asyncio.create_task(_play(stage, story)) for story in STORIES}


def _by_http() -> set[DestinationId]:
    """Every destination that speaks by HTTP in some story."""
    return {DestinationId(who) for story in STORIES for who in story.by_http if who != NINE_ONE_ONE}


async def _play(stage: Stage, story: Story) -> str:
    call = Call(stage, story.program, story.number, story.by_http)
    await call.begins()
    await story.tell(call)
    by_http = f"By HTTP: {', '.join(sorted(story.by_http))}.\n\n" if story.by_http else ""
    return f"{story.title}\n\n{by_http}{await call.time_line()}"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_the_story_ends_as_told_and_prints_its_time_line(story, playing):
    printed = await playing[story.name]
    kept = TIME_LINES / f"{story.name}.txt"
    if WRITES:
        kept.write_text(printed)
    assert printed == kept.read_text()


async def test_all_stories_leave_a_ledger_that_verifies(ground, playing):
    await asyncio.gather(*playing.values(), return_exceptions=True)
    assert await verified(ground) == "clean"


async def test_no_time_line_is_kept_of_a_story_that_nobody_tells():
    assert {file.stem for file in TIME_LINES.glob("*.txt")} == {story.name for story in STORIES}


async def test_the_page_of_the_stories_is_what_they_print():
    if WRITES:
        PAGE.write_text(page())
    assert PAGE.read_text() == page()
