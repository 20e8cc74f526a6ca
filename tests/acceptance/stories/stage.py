"""The stage on which the programs' stories are played: every program's rules, real servers, two lanes.

The rules are copies of the shipped files. Their hours differ, so that a story can be played at any hour:
every door is open day and night, but for Atlanta's 311, which is closed today. Olympia's address has two
teams behind it, Denver's crisis line gives a heartbeat, and nobody answers a recommendation of San
Francisco's HEART for long; every other wait is so long that no deadline speaks.
"""

import asyncio
import re
import shutil
import tomllib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bridge.domain.ids import AgencyId, DestinationId
from bridge.sandbox.ends import Writer
from bridge.sandbox.world import World
from bridge.settings import connection
from bridge.settings.destinations import load_destinations
from bridge.settings.worked_calls import WorkedCall, load_worked_calls
from tests.acceptance.stories.over_http import DeskProcess, running_desk
from tests.acceptance.stories.over_kafka import OverKafka
from tests.faults.ground import CHECKOUT, Ground, new_ground

PROGRAMS = CHECKOUT / "deploy" / "policies" / "programs"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
READY_SECONDS = 240.0
"""Thirty policies with their word lists, on a machine that may do other things."""

SOON_SECONDS = 45.0
"""What is waited for comes in well under a second; a busy machine may need more."""

_ALL = ", ".join(f'"{day}"' for day in DAYS)
_ALWAYS = (
    f"spans = [{{ days = [{_ALL}], opens = 00:00:00, closes = 13:00:00 }}, "
    f"{{ days = [{_ALL}], opens = 12:00:00, closes = 01:00:00 }}]"
)
_TEAMS = '["olympia-cru-north", "olympia-cru-south"]'
HEARTBEAT_SECONDS = 4.0
_GIVES_A_HEARTBEAT = "denver-crisis-line.toml"
_PROPOSED = "\n[waits]\nproposed = 0.004  # four seconds, as waits are scaled here\n"
_SOON_LAPSED = "san-francisco-heart.toml"
_CLOSED_TODAY = "atlanta-311.toml"


def write_rules(folder: Path) -> tuple[Path, Path]:
    """The programs' policies and destinations below `folder`, with the hours that the stories need."""
    shutil.copytree(CHECKOUT / "deploy" / "policies", folder / "rules")
    policies = folder / "rules" / "programs"
    for file in (folder / "rules").rglob("*.toml"):
        if "calls" not in file.parts:
            file.write_text(_with_hours(file.name, file.read_text()))
    shutil.copy(CHECKOUT / "deploy" / "destinations" / "crisis-line.toml", policies / "destinations")
    teams = policies / "destinations" / "olympia-cru-teams.toml"
    teams.write_text(teams.read_text().replace("\n[waits]", f"teams = {_TEAMS}\n\n[waits]"))
    line = policies / "destinations" / _GIVES_A_HEARTBEAT
    line.write_text(f"heartbeat_seconds = {HEARTBEAT_SECONDS}\n{line.read_text()}")
    with (policies / "destinations" / _SOON_LAPSED).open("a") as heart:
        heart.write(_PROPOSED)
    for file in (Path(__file__).parent / "destinations").glob("*.toml"):
        shutil.copy(file, policies / "destinations")
    return policies, policies / "destinations"


def _with_hours(name: str, text: str) -> str:
    text = re.sub(r"^(holidays|closed_on) = \[[^\]]*\]\n", "", text, flags=re.M)
    if name != _CLOSED_TODAY:
        return re.sub(r"spans = \[.*\]", _ALWAYS, text)
    far = DAYS[(datetime.now(UTC).weekday() + 3) % 7]
    return re.sub(r"days = \[.*?\]", f'days = ["{far}"]', text)


def new_stage(world: World, folder: Path) -> Ground:
    """A ground whose rules are the programs'."""
    policies, destinations = write_rules(folder)
    return new_ground(
        world,
        folder,
        partitions=2,
        but={
            "BRIDGE_PATHS__POLICIES": str(policies),
            "BRIDGE_PATHS__DESTINATIONS": str(destinations),
            "BRIDGE_PATHS__WORDS": str(CHECKOUT / "deploy" / "words"),
        },
    )


@dataclass
class Stage:
    """What the stories share: the ledger's connections, and the two ways to speak and to hear."""

    ground: Ground
    ledger: "asyncpg.Pool[asyncpg.Record]"
    kafka: OverKafka
    desk: DeskProcess
    agencies: Mapping[str, AgencyId]
    """Whose 911 each policy is for, by the policy's name."""

    async def until(self, question: str, *asked: object) -> "asyncpg.Record":
        """The first row that answers a question to the ledger, as soon as there is one."""
        async with asyncio.timeout(SOON_SECONDS):
            while True:
                row = await self.ledger.fetchrow(question, *asked)
                if row is not None:
                    return row
                await asyncio.sleep(0.03)  # the ledger rings no bell


@asynccontextmanager
async def set_stage(ground: Ground, by_http: Collection[DestinationId]) -> AsyncIterator[Stage]:
    """The stage of a ground, with keys for these destinations and each 911; gone after the block."""
    settings, agencies = ground.settings, _agencies()
    hotlines = load_destinations(settings.paths.destinations).values()
    reader = AIOKafkaConsumer(
        ground.topics.returns,
        *(each.address for each in hotlines if each.channel == "kafka"),
        **connection(settings.kafka),
        auto_offset_reset="earliest",
        group_id=None,
    )
    producer = AIOKafkaProducer(**connection(settings.kafka), enable_idempotence=True, acks="all")
    async with asyncpg.create_pool(settings.ledger.dsn, min_size=1, max_size=4) as pool, producer, reader:
        kafka = OverKafka(ground, Writer(producer))
        listening = asyncio.create_task(kafka.listen(reader))
        try:
            async with running_desk(ground, {*agencies.values()}, by_http, READY_SECONDS) as desk:
                yield Stage(ground, pool, kafka, desk, agencies)
        finally:
            listening.cancel()


def worked_call(program: str, name: str) -> WorkedCall:
    """The worked call of a program's own file that bears this name."""
    worked = load_worked_calls(PROGRAMS / "calls" / f"{program}.toml")
    return next(each for each in worked.calls if each.name == name)


def _agencies() -> Mapping[str, AgencyId]:
    """Read from the files' keys alone: the lanes are who check and load them."""
    return {_said(file, "name"): AgencyId(_said(file, "agency")) for file in PROGRAMS.glob("*.toml")}


def _said(file: Path, key: str) -> str:
    written = tomllib.loads(file.read_text())
    return str(written[key]) if key in written else _said(file.parent / written["extends"], key)
