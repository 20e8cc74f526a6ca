"""`bridge topics`: makes the topics that are missing and says where an existing one differs.

Never changes or deletes a topic: more partitions would send an incident's next event to another partition
than its last, and less retention would throw records away.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

import typer

from bridge.cli.brokers import Brokers, Topic, brokers
from bridge.cli.options import destinations_of, settings_of
from bridge.domain.destination import Destination
from bridge.settings import Settings

app = typer.Typer(help="Make the topics that are missing; never changes one.", add_completion=False)

COMPARED = ("retention.ms", "max.message.bytes", "min.insync.replicas")
"""The configs of a topic that the bridge cares about."""

_HOUR_MS = 3_600_000
_ENVELOPE_BYTES = 64 * 1024
"""Room for a record's key, headers and batch beside a value of the wire's greatest length."""


@app.command()
def topics(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be made.")] = False,
) -> None:
    """Make the topics that are missing, and say where an existing one differs. Never changes one."""
    settings = settings_of(ctx)
    wanted = tuple(wanted_topics(settings, destinations_of(settings).values()))
    for line in asyncio.run(_make(settings, wanted, dry_run=dry_run)):
        print(line)


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
            "retention.ms": str(kept * _HOUR_MS),
            "max.message.bytes": str(largest),
            "min.insync.replicas": str(kafka.min_insync_replicas),
            "cleanup.policy": "delete",
        }
        yield Topic(name, kafka.partitions, kafka.replication, configs)


async def existing(wanted: Iterable[Topic], kafka: Brokers) -> Mapping[str, Topic]:
    """Those of the wanted topics that Kafka has."""
    return await kafka.topics({topic.name for topic in wanted}, COMPARED)


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


async def _make(settings: Settings, wanted: tuple[Topic, ...], *, dry_run: bool) -> list[str]:
    async with brokers(settings.kafka) as kafka:
        there = await existing(wanted, kafka)
        missing = [topic for topic in wanted if topic.name not in there]
        if not dry_run:
            await kafka.make(missing)
    lines = []
    for topic in wanted:
        if topic.name in there:
            found = list(differences(topic, there[topic.name]))
            lines += [f"differs  {line}" for line in found] or [f"exists   {topic.name}"]
        else:
            done = "missing" if dry_run else "created"
            lines.append(f"{done}  {topic.name}: {_shape(topic)}")
    return lines


def _shape(topic: Topic) -> str:
    hours = int(topic.configs["retention.ms"]) // _HOUR_MS
    return f"partitions {topic.partitions}, copies {topic.replication}, kept {hours} hours"
