"""`bridge topics`: makes the topics that are missing and says where an existing one differs.

Never changes or deletes a topic: more partitions would send an incident's next event to another partition
than its last, and less retention would throw records away.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Annotated

import typer

from bridge.cli.brokers import Brokers, brokers
from bridge.cli.options import destinations_of, settings_of
from bridge.cli.topic_plan import COMPARED, HOUR_MS, Topic, differences, wanted_topics
from bridge.settings import Settings

app = typer.Typer(help="Make the topics that are missing; never changes one.", add_completion=False)


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


async def existing(wanted: Iterable[Topic], kafka: Brokers) -> Mapping[str, Topic]:
    """Those of the wanted topics that Kafka has."""
    return await kafka.topics({topic.name for topic in wanted}, COMPARED)


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
    hours = int(topic.configs["retention.ms"]) // HOUR_MS
    return f"partitions {topic.partitions}, copies {topic.replication}, kept {hours} hours"
