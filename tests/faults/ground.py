"""The ground one scenario stands on: topics, a database and rules of its own on servers that others share.

The rules are the repository's example policy and destinations; waits are so long that no deadline speaks
unless a scenario asks for it.
"""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bridge.cli.topic_plan import Topic, wanted_topics
from bridge.domain.ids import DestinationId
from bridge.ledger.migrate import migrate
from bridge.sandbox.world import World
from bridge.settings import Settings, Topics, connection, load
from bridge.settings.destinations import load_destinations
from bridge.wire.frames import Frames

CHECKOUT = Path(__file__).resolve().parents[2]
HOTLINE = DestinationId("crisis-line")
LONG_WAITS = {"BRIDGE_CALL__WAITS_SCALE": "1000", "BRIDGE_CALL__BUDGET_SECONDS": "100000"}
_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # verify takes seven digits for a telephone number
LARGEST_RECORD = 60 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ground:
    """One installation. `environment` and `folder` are what its workers are started with."""

    world: World
    name: str
    folder: Path
    environment: Mapping[str, str]
    settings: Settings
    frames: Frames
    offers: str
    """The topic of the one destination that is asked."""

    @property
    def topics(self) -> Topics:
        """The names of this ground's topics."""
        return self.settings.kafka.topics

    def through(self, dsn: str) -> Mapping[str, str]:
        """The environment of a worker that reaches the ledger another way."""
        return {**self.environment, "BRIDGE_LEDGER__DSN": dsn}

    async def ledger(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection of the test's own."""
        return await asyncpg.connect(self.settings.ledger.dsn, timeout=10)

    def remove(self) -> None:
        """Take the database and the topics away."""
        self.world.postgres.drop_database(self.name)
        asyncio.run(_clear(self.settings))


def new_ground(
    world: World,
    folder: Path,
    *,
    partitions: int = 4,
    waits: Mapping[str, str] = LONG_WAITS,
    but: Mapping[str, str] | None = None,
    whole_records: bool = False,
) -> Ground:
    """Make everything. `whole_records` lets records of 60 MiB onto the topic of CAD events."""
    name = f"faults_{uuid4().hex[:12].translate(_LETTERS)}"
    folder = folder / name
    folder.mkdir(parents=True)
    _write_rules(folder, name)
    world.postgres.create_database(name)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("BRIDGE_")},
        **world.environment(),
        **{f"BRIDGE_KAFKA__TOPICS__{topic.upper()}": f"{name}.{topic}" for topic in Topics.__slots__},
        "BRIDGE_KAFKA__PARTITIONS": str(partitions),
        "BRIDGE_KAFKA__REPLICATION": "1",
        "BRIDGE_KAFKA__MIN_INSYNC_REPLICAS": "1",
        "BRIDGE_LEDGER__DSN": _database(world.environment()["BRIDGE_LEDGER__DSN"], name),
        "BRIDGE_WORKER__GROUP": name.replace("_", "-"),
        "BRIDGE_PATHS__POLICIES": str(folder / "policies"),
        "BRIDGE_PATHS__DESTINATIONS": str(folder / "destinations"),
        "PYTHONPATH": str(CHECKOUT),
        **waits,
        **(but or {}),
    }
    settings = load(None, environment)
    asyncio.run(_furnish(settings, whole_records))
    offers = load_destinations(settings.paths.destinations)[HOTLINE].address
    return Ground(world, name, folder, environment, settings, Frames(), offers)


def _write_rules(folder: Path, name: str) -> None:
    """The example rules, their topics under this ground's name."""
    shutil.copytree(CHECKOUT / "deploy" / "policies", folder / "policies")
    (folder / "destinations").mkdir()
    for file in (CHECKOUT / "deploy" / "destinations").glob("*.toml"):
        own = re.sub(r'^address = "([\w.-]+)"', rf'address = "{name}.\1"', file.read_text(), flags=re.M)
        (folder / "destinations" / file.name).write_text(own)
    (folder / "bridge.toml").write_text("")


def _database(dsn: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def _wanted(settings: Settings) -> list[Topic]:
    return [*wanted_topics(settings, load_destinations(settings.paths.destinations).values())]


async def _furnish(settings: Settings, whole_records: bool) -> None:
    async with _administering(settings) as admin:
        await admin.create_topics([_topic(settings, topic, whole_records) for topic in _wanted(settings)])
    await migrate(settings.ledger.dsn)


async def _clear(settings: Settings) -> None:
    async with _administering(settings) as admin:
        await admin.delete_topics([topic.name for topic in _wanted(settings)])


@asynccontextmanager
async def _administering(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**connection(settings.kafka))
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


def _topic(settings: Settings, topic: Topic, whole_records: bool) -> NewTopic:
    configs = dict(topic.configs)
    if whole_records and topic.name == settings.kafka.topics.cad_events:
        configs["max.message.bytes"] = str(LARGEST_RECORD)
    return NewTopic(topic.name, topic.partitions, topic.replication, topic_configs=configs)
