"""Which topics there must be, and where one that is there differs from its plan.

From settings and destinations alone; knows no Kafka.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bridge.domain.destination import Destination
from bridge.settings import Settings

COMPARED = ("retention.ms", "max.message.bytes", "min.insync.replicas")
"""The configs of a topic that the bridge cares about."""

HOUR_MS = 3_600_000
_ENVELOPE_BYTES = 64 * 1024
"""Room for a record's key, headers and batch beside a value of the wire's greatest length."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it is, or as it should be. `configs` are Kafka's own words and values."""

    name: str
    partitions: int
    replication: int
    configs: Mapping[str, str] = field(default_factory=dict)


def wanted_topics(settings: Settings, destinations: Iterable[Destination]) -> Iterator[Topic]:
    """The five topics of every installation, and one for each destination that listens on Kafka."""
    kafka, hours = settings.kafka, settings.kafka.retention_hours
    largest = settings.wire.max_message_bytes + _ENVELOPE_BYTES
    kinds = [
        (kafka.topics.cad_events, hours.cad_events),
        (kafka.topics.signals, hours.signals),
        (kafka.topics.returns, hours.returns),
        *((name, hours.returns) for name in kafka.topics.more_returns),
        (kafka.topics.status, hours.status),
        (kafka.topics.quarantine, hours.quarantine),
    ]
    offers = {destination.address for destination in destinations if destination.channel == "kafka"}
    kinds += [(address, hours.offers) for address in sorted(offers)]
    for name, kept in kinds:
        configs = {
            "retention.ms": str(kept * HOUR_MS),
            "max.message.bytes": str(largest),
            "min.insync.replicas": str(kafka.min_insync_replicas),
            "cleanup.policy": "delete",
        }
        yield Topic(name, kafka.partitions, kafka.replication, configs)


def differences(wanted: Topic, there: Topic) -> Iterator[str]:
    """Where a topic is not as it should be: what, and what to do."""
    name = wanted.name
    if there.partitions != wanted.partitions:
        what = f"{name}: has {there.partitions} partitions, kafka.partitions says {wanted.partitions}"
        if there.partitions > wanted.partitions:
            yield f"{what}; set kafka.partitions to {there.partitions}, a topic cannot lose any"
        else:
            yield (
                f"{what}; stop whoever writes, let the workers reach the end, then "
                f"kafka-topics.sh --alter --topic {name} --partitions {wanted.partitions}"
            )
    if there.replication != wanted.replication:
        yield (
            f"{name}: has {there.replication} copies, kafka.replication says {wanted.replication}; "
            "move its partitions with kafka-reassign-partitions.sh"
        )
    for config in COMPARED:
        has, should = there.configs.get(config), wanted.configs[config]
        if has != should:
            yield (
                f"{name}: {config} is {has}, the settings say {should}; kafka-configs.sh --alter "
                f"--entity-type topics --entity-name {name} --add-config {config}={should}"
            )
