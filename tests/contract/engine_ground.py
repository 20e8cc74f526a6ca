"""What the engine's tests on a real Kafka stand on: topics, records, a file for a ledger, workers."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from bridge.engine.app import EngineApp
from bridge.engine.batch import Batch

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def unique(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:8]}"


async def until(ready: Callable[[], object], within_s: float = 20.0) -> None:
    """Wait until `ready()` is true; fail the test if it never is."""
    async with asyncio.timeout(within_s):
        while not ready():  # noqa: ASYNC110 - many things may make it true
            await asyncio.sleep(0.02)


class Broker:
    """The broker under test, seen from outside the engine."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap

    async def topic(self, name: str, partitions: int = 1, **config: str) -> str:
        topic = unique(name)
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=config)])
        finally:
            await admin.close()
        return topic

    async def produce(self, topic: str, values: Sequence[bytes], partition: int = 0) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, max_request_size=64 * 1024 * 1024)
        await producer.start()
        try:
            sent = [await producer.send(topic, value, partition=partition) for value in values]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def delete_before(self, topic: str, offset: int, partition: int = 0) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            await admin.delete_records({TopicPartition(topic, partition): RecordsToDelete(offset)})
        finally:
            await admin.close()

    async def committed(self, group: str, topic: str, partition: int = 0) -> int | None:
        place = TopicPartition(topic, partition)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap, group_id=group, enable_auto_commit=False
        )
        await consumer.start()
        try:
            return await consumer.committed(place)
        finally:
            await consumer.stop()

    async def members(self, group: str) -> int:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            (answer,) = await admin.describe_consumer_groups([group])
        finally:
            await admin.close()
        *_, members = answer.groups[0]
        return len(members)

    async def commit(self, group: str, topic: str, offset: int, partition: int = 0) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap, group_id=group, enable_auto_commit=False
        )
        await consumer.start()
        try:
            place = TopicPartition(topic, partition)
            consumer.assign([place])
            await consumer.commit({place: offset})
        finally:
            await consumer.stop()

    async def until_committed(
        self, group: str, topic: str, offset: int, within_s: float = 20.0, partition: int = 0
    ) -> None:
        async with asyncio.timeout(within_s):
            while await self.committed(group, topic, partition) != offset:  # noqa: ASYNC110 - the broker's state
                await asyncio.sleep(0.1)


class Book:
    """A ledger in a file: one line per record of a turn, written before the turn returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def write(self, batches: Sequence[Batch[bytes]]) -> None:
        with self.path.open("a") as file:
            for batch in batches:
                for record, said in zip(batch.records, batch.decoded, strict=True):
                    line = [batch.topic, batch.partition, record.offset, said.decode()]
                    file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def rows(self) -> list[tuple[str, int, int, str]]:
        return [tuple(json.loads(line)) for line in self.path.read_text().splitlines()]

    def values(self) -> list[str]:
        return [said for *_, said in self.rows()]

    async def load(self, partitions: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], int | None]:
        places: dict[tuple[str, int], int | None] = dict.fromkeys(partitions)
        for topic, partition, offset, _ in self.rows():
            if (topic, partition) in places:
                places[topic, partition] = max(places[topic, partition] or 0, offset + 1)
        return places


@dataclass
class Fixed:
    """A ledger's positions as a test wants them. `asked` counts the loads."""

    places: dict[tuple[str, int], int | None] = field(default_factory=dict)
    asked: int = 0

    async def load(self, partitions: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], int | None]:
        self.asked += 1
        return {where: self.places.get((where[0], where[1])) for where in partitions}


@asynccontextmanager
async def running(app: EngineApp) -> AsyncIterator[EngineApp]:
    """The app in this process, from its first assignment to its stop."""
    app.loop = asyncio.get_running_loop()
    app.in_worker = True
    app.finalize()
    await app.start()
    try:
        yield app
    finally:
        await app.stop()
    assert app.crash_reason is None, app.crash_reason


class Process:
    """A worker of its own process, running a script of this folder."""

    def __init__(self, script: str, *arguments: str) -> None:
        self.output = ""
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / script), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"},
        )

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ended(self, within_s: float = 30.0) -> int:
        """The exit code. Kills the process and fails the test when it lives on."""
        try:
            self.output, _ = await asyncio.to_thread(self._process.communicate, timeout=within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.output, _ = self._process.communicate()
            raise AssertionError(f"still alive after {within_s} s:\n{self.output}") from None
        return self._process.returncode

    async def said(self, text: str, within_s: float = 20.0) -> None:
        """Wait until a line of output has `text`."""
        assert self._process.stdout is not None
        started = time.monotonic()
        while time.monotonic() - started < within_s:
            line = await asyncio.wait_for(asyncio.to_thread(self._process.stdout.readline), within_s)
            self.output += line
            if text in line:
                return
            if not line:
                break
        raise AssertionError(f"never said {text!r}:\n{self.output}")

    async def killed(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            await self.ended()
