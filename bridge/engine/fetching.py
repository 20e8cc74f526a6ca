"""The consumer's thread: fetches, moves to the ledger's positions, commits. Runs in a loop of its own.

Everything fetched is stamped with the epoch of the last completed move, in the same step of the thread's
loop, so that nothing read from a place the ledger did not name can pass for something that was. An offset the
log does not have stops that one partition: never a jump to the earliest or the latest record.
"""

import asyncio
from collections.abc import Collection, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import aiokafka
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import (
    ConsumerStoppedError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from bridge.engine.batch import Record, TopicPartition
from bridge.engine.lane import Lane
from bridge.engine.limits import EngineSettings
from bridge.errors import EngineError

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch brought, and in which epoch."""

    epoch: int
    records: Mapping[TopicPartition, list[Record]] = field(default_factory=dict)
    out_of_range: Mapping[TopicPartition, int] = field(default_factory=dict)
    #: When the broker last answered for the partition it was silent for longest, ms since 1970.
    heard_ms: int | None = None
    #: Records of each partition that are in the log and not fetched.
    behind: Mapping[TopicPartition, int] = field(default_factory=dict)


class LaneTransport(driver.Transport):
    """Faust's aiokafka transport that knows its lane."""

    lane: Lane


class FetchingThread(driver.AIOKafkaConsumerThread):
    """Faust's consumer thread, reading from where it is told to."""

    #: The epoch of the last completed move. Written and read in the thread's loop only.
    epoch: int = 0

    @property
    def settings(self) -> EngineSettings:
        return cast(LaneTransport, self.transport).lane.settings

    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        limits, conf = self.settings, self.app.conf
        self._assignor = RoundRobinPartitionAssignor
        consumer: Any = aiokafka.AIOKafkaConsumer
        return cast(
            aiokafka.AIOKafkaConsumer,
            consumer(
                client_id=conf.broker_client_id,
                group_id=conf.id,
                bootstrap_servers=driver.server_list(transport.url, transport.default_port),
                partition_assignment_strategy=[self._assignor],
                enable_auto_commit=False,
                auto_offset_reset="none",
                max_poll_records=limits.max_records,
                max_poll_interval_ms=_ms(limits.max_poll_s),
                fetch_max_wait_ms=_ms(limits.fetch_wait_s),
                fetch_max_bytes=limits.fetch_bytes,
                max_partition_fetch_bytes=limits.partition_fetch_bytes,
                request_timeout_ms=_ms(limits.request_s),
                session_timeout_ms=_ms(limits.session_s),
                rebalance_timeout_ms=_ms(limits.rebalance_s),
                heartbeat_interval_ms=_ms(limits.heartbeat_s),
                check_crcs=True,
                # A producer that hangs in a transaction must not hide the calls behind it; what it
                # aborted and sends again carries the same event id and is applied once.
                isolation_level="read_uncommitted",
                **driver.credentials_to_aiokafka_auth(conf.broker_credentials, conf.ssl_context),
            ),
        )

    async def fetch(self, wanted: Collection[TP], timeout_s: float) -> Fetched:
        """Called in the worker's loop. At most `max_records` records; empty after `timeout_s`."""
        return await self._in_thread(self._fetch(wanted, timeout_s))

    async def move(self, epoch: int, positions: Mapping[TP, int | None]) -> bool:
        """Called in the worker's loop: seek everywhere and open the epoch, or do nothing at all.

        False when the assignment is no longer the one `positions` speaks of: its own move follows.
        """
        return await self._in_thread(self._move(epoch, positions))

    async def committed(self, partitions: Collection[TopicPartition]) -> dict[TP, int | None]:
        """Called in the worker's loop: what the group says, None where it says nothing."""
        return await self._in_thread(self._committed(partitions))

    async def _in_thread(self, work: Coroutine[Any, Any, R]) -> R:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.thread_loop))

    async def _fetch(self, wanted: Collection[TP], timeout_s: float) -> Fetched:
        consumer: Any = self._ensure_consumer()
        fetcher = consumer._fetcher
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        consumer._coordinator.check_errors()
        if fetcher.error_future.done():
            raise EngineError("the fetch routine has ended: restart the worker")
        with consumer._subscription.fetch_context():
            try:
                records = await fetcher.fetched_records(
                    wanted, timeout_s, max_records=self.settings.max_records
                )
            except NoOffsetForPartitionError:
                return Fetched(self.epoch)  # assigned a moment ago; the move is under way
            except OffsetOutOfRangeError as error:
                return Fetched(self.epoch, out_of_range=self._stand_still(consumer, error))
        return Fetched(self.epoch, records, {}, *self._heard(consumer, wanted))

    def _heard(self, consumer: Any, wanted: Collection[TP]) -> tuple[int | None, dict[TopicPartition, int]]:
        assignment = consumer._subscription.subscription.assignment
        states = {where: assignment.state_value(where) for where in wanted}
        heard = {where: state for where, state in states.items() if state and state.highwater is not None}
        oldest = min((state.timestamp for state in heard.values()), default=None)
        behind: dict[TopicPartition, int] = {
            where: state.highwater - state.position for where, state in heard.items()
        }
        return oldest if len(heard) == len(states) else None, behind

    def _stand_still(self, consumer: Any, error: OffsetOutOfRangeError) -> dict[TopicPartition, int]:
        stopped: dict[TopicPartition, int] = {}
        assignment = consumer._subscription.subscription.assignment
        for partition, offset in error.args[0].items():
            state = assignment.state_value(partition)
            if state is not None and state.has_valid_position and state.position == offset:
                consumer.pause(partition)
                stopped[TP(*partition)] = offset
        return stopped

    async def _move(self, epoch: int, positions: Mapping[TP, int | None]) -> bool:
        consumer: Any = self._ensure_consumer()
        if epoch <= self.epoch or consumer.assignment() != positions.keys():
            return False
        unread = [aiokafka.TopicPartition(*where) for where, next_ in positions.items() if next_ is None]
        beginnings = await consumer.beginning_offsets(unread) if unread else {}
        if epoch <= self.epoch or consumer.assignment() != positions.keys():
            return False
        for where, next_ in positions.items():
            partition = aiokafka.TopicPartition(*where)
            consumer.seek(partition, beginnings[partition] if next_ is None else next_)
        consumer.resume(*consumer.paused())  # stood still at another place
        self.epoch = epoch
        return True

    async def _committed(self, partitions: Collection[TopicPartition]) -> dict[TP, int | None]:
        consumer: Any = self._ensure_consumer()
        places = [TP(*where) for where in partitions]
        offsets = await asyncio.gather(
            *(consumer.committed(aiokafka.TopicPartition(*where)) for where in places)
        )
        return dict(zip(places, offsets, strict=True))

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """False when Kafka did not take them. The ledger knows them: nothing hangs on it."""
        consumer: Any = self._ensure_consumer()
        held = consumer.assignment()
        try:
            await consumer.commit(
                {
                    aiokafka.TopicPartition(*where): OffsetAndMetadata(offset, "")
                    for where, offset in offsets.items()
                    if where in held
                }
            )
        except KafkaError as error:
            self.log.warning("Kafka did not take a commit: %s", type(error).__name__)
            return False
        return True

    async def on_thread_stop(self) -> None:
        """Leave the group, unless Kafka does not answer: then the session runs out by itself."""
        # With a broker away, aiokafka's stop() lets the cancellation of its own fetch tasks out.
        with suppress(TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(self.settings.settle_s):
                await super().on_thread_stop()

    def close(self) -> None:
        """Stopping leaves the group, in this thread's own loop; there is nothing to hurry."""


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
