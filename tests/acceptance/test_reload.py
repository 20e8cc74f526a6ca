"""Rules change under a running worker: at once and as a whole, and never to something that cannot be used."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.app.rules import kept_rules
from bridge.domain.choosing import decide
from bridge.domain.incident import Incident, apply
from bridge.sandbox.world import World
from tests.faults.calls import AGENCY, Course, Told, created
from tests.faults.ground import Ground, new_ground
from tests.faults.lanes import Lane, running
from tests.faults.reckoning import drained, verified
from tests.faults.traffic import send

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = 'bridge_rules_refused{rules="live"}'
SOON = {"BRIDGE_WORKER__RELOAD_SECONDS": "0.2"}
NEVER = {"BRIDGE_WORKER__RELOAD_SECONDS": "3600"}


@pytest.fixture(scope="module")
def ground(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = new_ground(world, Path(tmp_path_factory.mktemp("reload")), partitions=1, but=SOON)
    yield made
    made.remove()


@pytest.fixture(scope="module")
def policy(ground: Ground) -> Path:
    return ground.folder / "policies" / "dallas.toml"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lane(ground: Ground) -> AsyncIterator[Lane]:
    async with running(ground, "a") as (worker,):
        yield worker


def version(text: str, number: int, verdict: str) -> str:
    """The shipped policy as another version, which makes this of the crisis calls."""
    text = re.sub(r'^version = ".*"$', f'version = "{number}"', text, count=1, flags=re.M)
    changed = re.sub(r'(id = "crisis"\n.*\nverdict = )"\w+"', rf'\1"{verdict}"', text, count=1)
    assert f'version = "{number}"' in changed and f'verdict = "{verdict}"' in changed
    return changed


async def decision(ground: Ground, name: str) -> tuple[str, str, str]:
    """A crisis call as the worker decides it now: verdict, version of the policy, digest of the rules."""
    assert await drained(ground, await send(ground, [Told(name, 1, Course.OPEN, created(name))]))
    ledger = await ground.ledger()
    try:
        row = await ledger.fetchrow(
            "select verdict, policy_version, rules_digest from decision where incident_key = $1",
            f"{AGENCY}/{name}",
        )
        assert row is not None
        return tuple(row)
    finally:
        await ledger.close()


async def shows(lane: Lane, line: str, within_s: float = 20.0) -> None:
    async with asyncio.timeout(within_s):
        while f"\n{line}\n" not in await asyncio.to_thread(lane.exposition):  # noqa: ASYNC110 - a page
            await asyncio.sleep(0.05)


async def takes(lane: Lane, before: str, within_s: float = 20.0) -> str:
    """Wait until the lane decides by other rules than these; answers the beginning of their digest."""
    async with asyncio.timeout(within_s):
        while (now := in_force(await asyncio.to_thread(lane.exposition))) == before:  # noqa: ASYNC110 - a page
            await asyncio.sleep(0.05)
    return now


def in_force(exposition: str) -> str:
    (digest,) = re.findall(r'^bridge_rules_info\{digest="(\w+)"\} 1\.0$', exposition, re.M)
    return digest


async def doctor(ground: Ground) -> tuple[int, str]:
    """What `bridge doctor` says of the rules."""
    command = [sys.executable, "-m", "bridge", "doctor"]
    done = await asyncio.to_thread(
        subprocess.run,
        command,
        env=dict(ground.environment),
        cwd=ground.folder,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


async def test_an_edited_policy_decides_the_next_call_and_a_bad_one_does_not(ground, policy, lane):
    text = policy.read_text()
    verdict, number, first = await decision(ground, "INV-R1")
    assert (verdict, number) == ("offer", "1")

    policy.write_text(version(text, 2, "recommend"))
    second = await takes(lane, first[:12])
    assert await decision(ground, "INV-R2") == ("recommend", "2", (await digests(ground))[-1])
    status, said = await doctor(ground)
    assert status == 0, said
    assert f"rules: lane a decides by {second} since" in said

    policy.write_text(version(text, 3, "shrug"))
    await shows(lane, f"{REFUSED} 1.0")
    assert (await decision(ground, "INV-R3"))[:2] == ("recommend", "2")
    status, said = await doctor(ground)
    assert status == 1
    (fault,) = [line for line in said.splitlines() if line.startswith("wrong")]
    assert "dallas.toml: scope[0].verdict: " in fault and fault.endswith("; write one of those")
    assert f"rules: lane a decides by {second} since" in said
    assert "action=rules.refused" in lane.log.read_text()

    policy.write_text(version(text, 4, "review"))
    await takes(lane, second)
    await shows(lane, f"{REFUSED} 0.0")
    assert (await decision(ground, "INV-R4"))[:2] == ("review", "4")


async def digests(ground: Ground) -> list[str]:
    """The rules that were put in force, oldest first."""
    ledger = await ground.ledger()
    try:
        return [
            row["digest"] for row in await ledger.fetch("select digest from rules_loaded order by number")
        ]
    finally:
        await ledger.close()


async def test_every_decision_can_be_made_again_from_what_the_ledger_kept(ground, policy, lane):
    policy.write_text(version(policy.read_text(), 5, "recommend"))
    await takes(lane, in_force(lane.exposition()))
    event = created("INV-R5")
    verdict, _, digest = await decision(ground, "INV-R5")
    policy.write_text(version(policy.read_text(), 6, "offer"))
    await takes(lane, digest[:12])
    rules = (await kept_rules(ground.settings, digest)).rules
    assert rules is not None
    incident = apply(Incident(event.incident_id, AGENCY), event)
    again = decide(rules.policies[AGENCY], incident, rules.destinations, event.at)
    assert (again.verdict, again.policy.version) == (verdict, "5") == ("recommend", "5")


async def test_a_new_destination_is_shown_and_an_emptied_folder_changes_nothing(ground, policy, lane):
    before, text = in_force(lane.exposition()), policy.read_text()
    line = (ground.folder / "destinations" / "city-311.toml").read_text()
    (ground.folder / "destinations" / "new.toml").write_text(line.replace("city-311", "city-211"))
    before = await takes(lane, before)
    await shows(lane, 'bridge_outbox_rows{destination="city-211"} 0.0')
    policy.unlink()
    await shows(lane, f"{REFUSED} 1.0")
    assert in_force(lane.exposition()) == before
    policy.write_text(text)
    await shows(lane, f"{REFUSED} 0.0")


async def test_a_worker_begins_over_a_bad_file_with_the_rules_before_and_looks_when_told(
    ground, policy, lane
):
    before, text = in_force(lane.exposition()), policy.read_text()
    assert await lane.stop() == 0
    policy.write_text("x =")
    async with running(ground, "a", environment={**ground.environment, **NEVER}) as (other,):
        assert in_force(other.exposition()) == before
        await shows(other, f"{REFUSED} 1.0")
        assert (await decision(ground, "INV-R7"))[:2] == ("offer", "6")
        policy.write_text(version(text, 7, "recommend"))
        other.send(signal.SIGHUP)
        await takes(other, before)
        await shows(other, f"{REFUSED} 0.0")
        assert (await decision(ground, "INV-R8"))[:2] == ("recommend", "7")
    assert await verified(ground) == "clean"
