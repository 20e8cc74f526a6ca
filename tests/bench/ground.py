"""The ground one run stands on: topics, a database and rules of its own, gone afterwards.

The rules are the repository's example policy and destinations; only the topics' names are the run's, and
waits are so long that no deadline speaks during a run.
"""

import re
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient

from bridge.cli.brokers import brokers
from bridge.cli.topic_plan import wanted_topics
from bridge.domain.ids import DestinationId
from bridge.ledger.migrate import migrate
from bridge.settings import Settings, connection, load
from bridge.settings.destinations import load_destinations

CHECKOUT = Path(__file__).resolve().parents[2]
POLICY = CHECKOUT / "deploy" / "policies" / "dallas.toml"
DESTINATIONS = CHECKOUT / "deploy" / "destinations"
HOTLINE = "crisis-line"
UNSENT = "select exists (select from outbox where state in ('pending', 'leased', 'retry'))"
"""Whether a message still waits to leave."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Kafka and PostgreSQL: the variables that lead there, and the settings file in use, if one is.

    `disk` is a folder where both keep their data, when they were started for the measure.
    """

    environment: Mapping[str, str]
    config: Path | None = None
    disk: Path | None = None

    def settings(self) -> Settings:
        """As the bridge would read them."""
        return load(self.config, self.environment)


@dataclass(frozen=True, slots=True)
class Ground:
    """One run's own place. `environment` and `folder` are what its worker is started with."""

    name: str
    folder: Path
    environment: Mapping[str, str]
    settings: Settings
    offers: str
    """The topic of the one destination that is asked."""


@asynccontextmanager
async def new_ground(servers: Servers, partitions: int) -> AsyncIterator[Ground]:
    """Make everything, and take it away after the block."""
    base = servers.settings()
    name = f"bench_{uuid.uuid4().hex[:10]}"
    folder = Path(tempfile.mkdtemp(prefix=name))
    dsn = _database(base.ledger.dsn, name)
    offers = _write_rules(folder, name)
    async with brokers(base.kafka) as kafka:
        copies = min(base.kafka.replication, await kafka.count())
    environment = {
        **servers.environment,
        **({"BRIDGE_CONFIG": str(servers.config.absolute())} if servers.config else {}),
        **{f"BRIDGE_KAFKA__TOPICS__{topic.upper()}": f"{name}.{topic}" for topic in _TOPICS},
        "BRIDGE_KAFKA__PARTITIONS": str(partitions),
        "BRIDGE_KAFKA__REPLICATION": str(copies),
        "BRIDGE_KAFKA__MIN_INSYNC_REPLICAS": str(min(base.kafka.min_insync_replicas, copies)),
        "BRIDGE_LEDGER__DSN": dsn,
        "BRIDGE_WORKER__GROUP": name.replace("_", "-"),
        "BRIDGE_CALL__WAITS_SCALE": "1000",
        "BRIDGE_CALL__BUDGET_SECONDS": "100000",
        "BRIDGE_PATHS__POLICIES": str(folder / "policies"),
        "BRIDGE_PATHS__DESTINATIONS": str(folder / "destinations"),
        "BRIDGE_LOG__LEVEL": "WARNING",
        "PYTHONPATH": str(CHECKOUT),
    }
    settings = load(servers.config, environment)
    await _administer(base.ledger.dsn, f'create database "{name}"')
    try:
        await migrate(dsn)
        wanted = tuple(wanted_topics(settings, load_destinations(settings.paths.destinations).values()))
        async with brokers(settings.kafka) as kafka:
            await kafka.make(wanted)
        yield Ground(name, folder, environment, settings, offers)
        await _delete_topics(settings, [topic.name for topic in wanted])
    finally:
        await _administer(base.ledger.dsn, f'drop database "{name}" with (force)')
        shutil.rmtree(folder, ignore_errors=True)


_TOPICS = ("cad_events", "signals", "returns", "status", "quarantine")


def _write_rules(folder: Path, name: str) -> str:
    """The example rules, their topics under this run's name; answers the topic of the destination asked."""
    (folder / "policies").mkdir()
    (folder / "destinations").mkdir()
    shutil.copy(POLICY, folder / "policies")
    for file in DESTINATIONS.glob("*.toml"):
        own = re.sub(r'^address = "([\w.-]+)"', rf'address = "{name}.\1"', file.read_text(), flags=re.M)
        (folder / "destinations" / file.name).write_text(own)
    return load_destinations(folder / "destinations")[DestinationId(HOTLINE)].address


def _database(dsn: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


async def _administer(dsn: str, statement: str) -> None:
    server = await asyncpg.connect(dsn)
    try:
        await server.execute(statement)
    finally:
        await server.close()


async def _delete_topics(settings: Settings, names: list[str]) -> None:
    admin = AIOKafkaAdminClient(**connection(settings.kafka))
    await admin.start()  # type: ignore[no-untyped-call]
    try:
        await admin.delete_topics(names)
    finally:
        await admin.close()  # type: ignore[no-untyped-call]
