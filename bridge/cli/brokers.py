"""What Kafka has: topics and how they are set up. Asks, and makes what is missing; never changes or deletes.

Knows aiokafka's admin client and hides its numbers; knows nothing of which topics the bridge wants.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code

from bridge.cli.topic_plan import Topic
from bridge.errors import EngineError, SettingsError
from bridge.settings import Kafka, connection

_ANSWER_MS = 10_000


class Brokers:
    """An open connection to Kafka for looking and making. EngineError when it fails."""

    def __init__(self, admin: AIOKafkaAdminClient) -> None:
        self._admin = admin

    async def count(self) -> int:
        """How many brokers there are."""
        cluster = await self._admin.describe_cluster()
        return len(cluster["brokers"])

    async def topics(self, names: Collection[str], configs: Sequence[str]) -> dict[str, Topic]:
        """Those of `names` that exist, with these of their configs."""
        described = await self._admin.describe_topics()  # all: asking by name could create
        found = {topic["topic"]: topic["partitions"] for topic in described if topic["topic"] in set(names)}
        values = await self._configs(list(found), configs)
        return {
            name: Topic(name, len(partitions), _replicas(partitions), values.get(name, {}))
            for name, partitions in found.items()
        }

    async def partitions(self) -> dict[str, int]:
        """Every topic, with its number of partitions."""
        return {topic["topic"]: len(topic["partitions"]) for topic in await self._admin.describe_topics()}

    async def make(self, topics: Sequence[Topic]) -> None:
        """Make these. A topic that somebody made meanwhile is fine; SettingsError when one is refused."""
        if not topics:
            return
        answer = await self._admin.create_topics(
            [
                NewTopic(  # type: ignore[no-untyped-call]
                    topic.name, topic.partitions, topic.replication, topic_configs=dict(topic.configs)
                )
                for topic in topics
            ],
            timeout_ms=_ANSWER_MS,
        )
        refused = []
        for topic in answer.to_object()["topic_errors"]:
            name, code = topic["topic"], topic["error_code"]
            error = for_code(code).__name__
            if code and error != "TopicAlreadyExistsError":
                refused.append(f"kafka: topic {name} was refused with {error}; {_remedy(error)}")
        if refused:
            raise SettingsError("\n".join(refused))

    async def _configs(self, names: Sequence[str], configs: Sequence[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        kind, some = ConfigResourceType.TOPIC, dict.fromkeys(configs, "")
        asked = [ConfigResource(kind, name, some) for name in names]  # type: ignore[no-untyped-call]
        values: dict[str, dict[str, str]] = {}
        for answer in await self._admin.describe_configs(asked):
            for resource in answer.to_object()["resources"]:
                entries = resource["config_entries"]
                values[resource["resource_name"]] = {
                    entry["config_names"]: entry["config_value"] for entry in entries
                }
        return values


@asynccontextmanager
async def brokers(kafka: Kafka) -> AsyncIterator[Brokers]:
    """Open a connection for the block. EngineError, with the remedy, when nobody answers."""
    admin = AIOKafkaAdminClient(**connection(kafka), request_timeout_ms=_ANSWER_MS, client_id="bridge-admin")
    try:
        await admin.start()  # type: ignore[no-untyped-call]
        yield Brokers(admin)
    except KafkaError as error:
        raise EngineError(
            f"kafka.bootstrap: {', '.join(kafka.bootstrap)} failed with {type(error).__name__}; "
            "start Kafka there, or correct kafka.bootstrap and how it signs in"
        ) from error
    finally:
        await admin.close()  # type: ignore[no-untyped-call]


def _replicas(partitions: Sequence[Mapping[str, Sequence[int]]]) -> int:
    """The fewest copies that any partition has."""
    return min((len(partition["replicas"]) for partition in partitions), default=0)


def _remedy(error: str) -> str:
    if error == "InvalidReplicationFactorError":
        return "set kafka.replication to the number of brokers, or start more of them"
    if error == "PolicyViolationError":
        return "ask who runs the brokers which partitions, replication and retention they allow"
    if error.endswith("AuthorizationFailedError"):
        return "let the bridge's user create topics, or have its owner create them"
    return "correct the settings of section kafka"
