"""A desk that is told to end finishes what was begun; its probes say how it is; one that cannot work ends."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.a_desk import ADesk, a_desk, an_offer, new_key, until
from tests.faults.calls import AGENCY, created
from tests.faults.ground import HOTLINE, Ground, new_ground
from tests.faults.lanes import running

if TYPE_CHECKING:
    from bridge.sandbox.world import World

IS_LOCKED_OUT = """
    select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
"""
SOON = 3.0
"""Seconds in which whoever only waits has let go: far less than they asked to wait."""


@pytest.fixture(scope="module")
def ground(world: "World", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = new_ground(world, tmp_path_factory.mktemp("desk"))
    yield made
    made.remove()


@pytest.fixture(scope="module")
def keys(ground: Ground) -> dict[str, str]:
    return {"911": new_key(ground, "agency", AGENCY), "crisis-line": new_key(ground, "destination", HOTLINE)}


@pytest.fixture
async def desk(ground: Ground, keys: dict[str, str]) -> AsyncIterator[ADesk]:
    async with a_desk(ground) as made:
        made.keys |= keys
        yield made


@asynccontextmanager
async def nobody_gets_at_it(ground: Ground) -> AsyncIterator[None]:
    """Incidents are locked by somebody else; entered, and left by whoever writes once more."""
    sql = await ground.ledger()
    try:
        async with sql.transaction():
            await sql.execute("select from incident for update")
            yield
    finally:
        await sql.close()


async def takes_nothing_new(desk: ADesk) -> None:
    """Whoever comes now must go to another desk."""
    async with asyncio.timeout(SOON):
        with pytest.raises(aiohttp.ClientConnectionError):
            while True:
                await desk.get("911", "news")


async def test_an_accept_that_is_under_way_is_answered_before_the_desk_ends(
    ground: Ground, desk: ADesk
) -> None:
    async with running(ground, "a"):
        transfer = await an_offer(ground, created("INV-ENDS"))
    async with nobody_gets_at_it(ground):
        accept = asyncio.create_task(desk.post("crisis-line", f"{transfer}/voice-contact"))
        await until(ground, IS_LOCKED_OUT)
        desk.is_told_to_end()
        said = await desk.becomes("ready", 503, within=SOON)
        assert said["server"] == "not serving"
        await takes_nothing_new(desk)
    answered = await accept
    assert (answered.status, answered.json["holder"]) == (200, "crisis-line")
    assert await desk.ended() == 0


async def test_whoever_waits_for_offers_is_answered_when_the_desk_ends(desk: ADesk) -> None:
    cursor = (await desk.get("crisis-line", "offers")).json["cursor"]
    waiting = asyncio.create_task(desk.get("crisis-line", "offers", after=cursor, wait="25"))
    await asyncio.sleep(0.5)
    assert not waiting.done()
    desk.is_told_to_end()
    answered = await asyncio.wait_for(waiting, SOON)
    assert (answered.status, answered.json["messages"]) == (200, [])
    assert answered.json["cursor"], "they go on from here at the next desk"
    assert await desk.ended(SOON) == 0


async def test_a_stream_of_statuses_ends_whole_when_the_desk_ends(desk: ADesk) -> None:
    headers = {"Authorization": f"Bearer {desk.keys['911']}"}
    async with desk.session.get(f"{desk.url}/v1/status/stream", headers=headers) as stream:
        assert await stream.content.readline() == b": here\n"
        desk.is_told_to_end()
        rest = await asyncio.wait_for(stream.content.read(), SOON)
        assert rest.endswith(b"\n"), "no event is cut in two"
    assert await desk.ended(SOON) == 0


async def test_a_desk_without_its_ledger_is_alive_and_not_ready_and_comes_back(
    ground: Ground, desk: ADesk
) -> None:
    await asyncio.to_thread(ground.world.postgres.stop, "immediate")
    try:
        said = await desk.becomes("ready", 503, within=10)
        assert said["ledger"] == "not writable"
        assert desk.probe("live")[0] == 200
    finally:
        await asyncio.to_thread(ground.world.postgres.start)
    await desk.becomes("ready", 200)
    assert desk.process.poll() is None


async def test_a_ledger_that_only_lets_read_makes_a_desk_unready(ground: Ground, desk: ADesk) -> None:
    sql = await ground.ledger()
    name = await sql.fetchval("select current_database()")
    try:
        await sql.execute(f"alter database {name} set default_transaction_read_only = on")
        await sql.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        assert (await desk.becomes("ready", 503, within=10))["ledger"] == "not writable"
    finally:
        await sql.execute("set default_transaction_read_only = off")
        await sql.execute(f"alter database {name} reset default_transaction_read_only")
        await sql.close()


async def test_a_desk_whose_loop_stands_still_is_not_alive_and_is_ended(desk: ADesk) -> None:
    desk.process.send_signal(signal.SIGUSR1)
    await desk.becomes("live", 503, within=3)
    assert await desk.ended(10) == 70


async def test_a_desk_begins_with_the_rules_before_when_the_files_cannot_be_used(
    ground: Ground, keys: dict[str, str]
) -> None:
    async with a_desk(ground):
        pass
    policy = Path(ground.settings.paths.policies) / "dallas.toml"
    before = policy.read_text()
    policy.write_text("agency = ")
    try:
        async with a_desk(ground) as desk:
            desk.keys |= keys
            assert (await desk.get("911", "news")).status == 200
            assert "rules.refused" in desk.log.read_text()
    finally:
        policy.write_text(before)


async def test_a_desk_that_cannot_keep_its_rules_any_more_ends_itself(ground: Ground, desk: ADesk) -> None:
    """Its round that reads the rules dies of a ledger that has lost a table."""
    sql = await ground.ledger()
    await sql.execute("alter table rules_version rename to taken_away")
    policy = Path(ground.settings.paths.policies) / "dallas.toml"
    before = policy.read_text()
    try:
        policy.write_text(before.replace('version = "1"', 'version = "2"', 1))
        desk.process.send_signal(signal.SIGHUP)
        assert await desk.ended(10) not in {0, None}
    finally:
        policy.write_text(before)
        await sql.execute("alter table taken_away rename to rules_version")
        await sql.close()
