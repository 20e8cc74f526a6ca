"""Where reading goes on: where the ledger says, whatever the group committed, and never by a jump."""

import asyncio
from collections.abc import Sequence

from engine_ground import Broker, Fixed, running, unique, until

from bridge.engine.app import EngineApp, make_app
from bridge.engine.batch import Batch, Record
from bridge.engine.limits import EngineSettings
from bridge.engine.listen import Listener, listen
from bridge.engine.positions import Alarms, Reading


def value_of(record: Record) -> bytes:
    return record.value or b""


class Worker:
    """An app of ours that keeps what its turns were given and moves its positions as a ledger would."""

    def __init__(
        self, broker: Broker, group: str, *topics: str, ledger: Fixed, settings: EngineSettings | None = None
    ) -> None:
        self.seen: list[tuple[str, int, int, bytes]] = []
        self.turns: list[int] = []
        self.ledger = ledger
        self.out_of_range: list[tuple[tuple[str, int], int]] = []
        self.group_ahead: list[tuple[tuple[str, int], int, int]] = []
        self.hold: asyncio.Event | None = None
        self.app: EngineApp = make_app(
            group=group,
            bootstrap=broker.bootstrap,
            positions=ledger,
            settings=settings or EngineSettings(),
            alarms=Alarms(
                out_of_range=lambda *what: self.out_of_range.append(what),
                group_ahead=lambda *what: self.group_ahead.append(what),
            ),
        )
        self.listener: Listener[bytes] = listen(self.app, topics, decode=value_of, turn=self.turn)

    @property
    def reading(self) -> Reading:
        return self.app.lane.reading

    @property
    def values(self) -> list[bytes]:
        return [value for *_, value in self.seen]

    async def turn(self, batches: Sequence[Batch[bytes]]) -> None:
        if self.hold is not None:
            await self.hold.wait()
        self.turns.append(sum(len(batch) for batch in batches))
        for batch in batches:
            for record, said in zip(batch.records, batch.decoded, strict=True):
                self.seen.append((batch.topic, batch.partition, record.offset, said))
            place = (batch.topic, batch.partition)
            self.ledger.places[place] = max(self.ledger.places.get(place) or 0, batch.next_offset)


def numbered(first: int, last: int) -> list[bytes]:
    return [b"%d" % number for number in range(first, last)]


async def test_a_lane_that_never_read_starts_at_the_beginning_and_commits(broker: Broker) -> None:
    group, topic = unique("first"), await broker.topic("first")
    await broker.produce(topic, numbered(0, 20))
    worker = Worker(broker, group, topic, ledger=Fixed())
    async with running(worker.app):
        await until(lambda: len(worker.seen) == 20)
        await broker.until_committed(group, topic, 20)
        assert worker.reading.ready
        assert worker.listener.waiting == 0
        assert worker.listener.oldest_ms is None
    assert worker.values == numbered(0, 20)


async def test_the_beginning_of_a_log_cut_by_retention_is_where_it_begins(broker: Broker) -> None:
    topic = await broker.topic("cut")
    await broker.produce(topic, numbered(0, 10))
    await broker.delete_before(topic, 4)
    worker = Worker(broker, unique("cut"), topic, ledger=Fixed())
    async with running(worker.app):
        await until(lambda: len(worker.seen) == 6)
    assert worker.values == numbered(4, 10)
    assert worker.out_of_range == []


async def test_position_zero_is_a_place_and_not_the_beginning_of_the_log(broker: Broker) -> None:
    topic = await broker.topic("zero")
    await broker.produce(topic, numbered(0, 10))
    await broker.delete_before(topic, 4)
    worker = Worker(broker, unique("zero"), topic, ledger=Fixed({(topic, 0): 0}))
    async with running(worker.app):
        await until(lambda: worker.out_of_range)
    assert worker.out_of_range == [((topic, 0), 0)]
    assert worker.seen == [], "records 0..3 are missing: that is for a person to decide"


async def test_a_group_ahead_of_the_ledger_is_an_alarm_and_is_moved_back(broker: Broker) -> None:
    group, topic = unique("ahead"), await broker.topic("ahead", partitions=2)
    await broker.produce(topic, numbered(0, 10))
    await broker.produce(topic, numbered(0, 10), partition=1)
    await broker.commit(group, topic, 9)
    await broker.commit(group, topic, 2, partition=1)
    worker = Worker(broker, group, topic, ledger=Fixed({(topic, 0): 0, (topic, 1): 5}))
    async with running(worker.app):
        await until(lambda: len(worker.seen) == 15)
        await until(lambda: worker.group_ahead)
    assert [value for _, place, _, value in worker.seen if place == 0] == numbered(0, 10)
    assert [value for _, place, _, value in worker.seen if place == 1] == numbered(5, 10)
    assert worker.group_ahead == [((topic, 0), 0, 9)]
    assert worker.reading.group_ahead == 1


async def test_an_offset_the_log_has_not_stops_that_partition_only(broker: Broker) -> None:
    topic = await broker.topic("range", partitions=2)
    await broker.produce(topic, numbered(0, 10))
    await broker.produce(topic, numbered(0, 10), partition=1)
    await broker.delete_before(topic, 5)
    worker = Worker(broker, unique("range"), topic, ledger=Fixed({(topic, 0): 2, (topic, 1): 0}))
    async with running(worker.app):
        await until(lambda: worker.out_of_range and len(worker.seen) == 10)
        await broker.produce(topic, numbered(10, 12))
        await broker.produce(topic, numbered(10, 12), partition=1)
        await until(lambda: len(worker.seen) == 12)
        assert not worker.reading.ready
        assert worker.reading.out_of_range == {(topic, 0): 2}
        assert {place for _, place, _, _ in worker.seen} == {1}, "no jump to the earliest or latest record"
        assert worker.out_of_range == [((topic, 0), 2)]
        worker.ledger.places[topic, 0] = 5  # a person has decided
        await worker.app.consumer.perform_seek()
        await until(lambda: len(worker.seen) == 19)
        assert worker.reading.ready


async def test_a_position_beyond_the_log_stops_the_partition(broker: Broker) -> None:
    topic = await broker.topic("beyond")
    await broker.produce(topic, numbered(0, 3))
    worker = Worker(broker, unique("beyond"), topic, ledger=Fixed({(topic, 0): 7}))
    async with running(worker.app):
        await until(lambda: worker.out_of_range)
    assert worker.out_of_range == [((topic, 0), 7)]
    assert worker.seen == []


async def test_a_record_far_larger_than_a_fetch_is_read(broker: Broker) -> None:
    topic = await broker.topic("large", **{"max.message.bytes": str(60 * 1024 * 1024)})
    large = bytes(50 * 1024 * 1024)
    await broker.produce(topic, [b"small", large, b"after"])
    worker = Worker(broker, unique("large"), topic, ledger=Fixed())
    async with running(worker.app):
        await until(lambda: len(worker.seen) == 3)
    assert [len(value) for value in worker.values] == [5, len(large), 5]


async def test_all_topics_of_a_listener_share_one_turn(broker: Broker) -> None:
    topics = [await broker.topic("one", partitions=2), await broker.topic("two")]
    worker = Worker(broker, unique("shared"), *topics, ledger=Fixed())
    worker.hold = asyncio.Event()
    async with running(worker.app):
        await broker.produce(topics[0], numbered(0, 1))
        await until(lambda: worker.listener.waiting == 1)
        await broker.produce(topics[0], numbered(0, 100), partition=1)
        await broker.produce(topics[1], numbered(0, 100))
        await until(lambda: worker.listener.waiting == 201)
        assert worker.listener.oldest_ms is not None
        worker.hold.set()
        await until(lambda: worker.listener.records == 201)
    assert worker.turns == [1, 200]


async def test_a_listener_that_waits_does_not_hold_up_another(broker: Broker) -> None:
    busy, calm = await broker.topic("busy", partitions=2), await broker.topic("calm")
    worker = Worker(broker, unique("two"), busy, ledger=Fixed())
    worker.hold = asyncio.Event()
    heard: list[bytes] = []

    async def hear(batches: Sequence[Batch[bytes]]) -> None:
        heard.extend(said for batch in batches for said in batch.decoded)

    listen(worker.app, calm, decode=value_of, turn=hear)
    async with running(worker.app):
        for partition in range(2):
            await broker.produce(busy, numbered(0, 10_000), partition)
        await until(lambda: worker.listener.waiting > 500)
        for number in range(5):
            await broker.produce(calm, numbered(number, number + 1))
            await until(lambda: len(heard) == number + 1, 5)  # noqa: B023
        assert worker.seen == []
        assert worker.listener.waiting < 2_000, "the rest waits in Kafka and in Faust's bounded queue"
        worker.hold.set()
        await until(lambda: len(worker.seen) == 20_000)
    for partition in range(2):
        offsets = [offset for _, place, offset, _ in worker.seen if place == partition]
        assert offsets == list(range(10_000))


async def test_what_was_fetched_before_a_move_is_never_handed_on(broker: Broker) -> None:
    topic = await broker.topic("stale")
    await broker.produce(topic, numbered(0, 3))
    worker = Worker(broker, unique("stale"), topic, ledger=Fixed())
    async with running(worker.app):
        await until(lambda: len(worker.seen) == 3)
        worker.app.consumer._forget()  # as a revoked assignment does
        assert not worker.reading.ready
        await broker.produce(topic, numbered(3, 6))
        await until(lambda: worker.reading.stale_batches)
        assert len(worker.seen) == 3
        await worker.app.consumer.perform_seek()
        await until(lambda: len(worker.seen) == 6)
        assert worker.reading.ready
        await until(lambda: worker.reading.behind == {(topic, 0): 0})
        assert worker.reading.heard_ms is not None
    assert worker.values == numbered(0, 6)


async def test_records_flow_whole_while_workers_come_and_go(broker: Broker) -> None:
    group, topic = unique("shift"), await broker.topic("shift", partitions=4)
    ledger = Fixed()
    first, second = (Worker(broker, group, topic, ledger=ledger) for _ in range(2))

    async def read_up_to(end: int) -> None:
        for partition in range(4):
            await broker.produce(topic, numbered(end - 50, end), partition)
        await until(lambda: all(ledger.places.get((topic, part)) == end for part in range(4)))

    async with running(first.app):
        await read_up_to(50)
        async with running(second.app):
            await until(lambda: len(first.reading.assigned) == 2 and first.reading.ready)
            await until(lambda: len(second.reading.assigned) == 2 and second.reading.ready)
            await read_up_to(100)
        await read_up_to(150)
        assert len(first.reading.assigned) == 4
    assert first.reading.rebalances >= 2
    for partition in range(4):
        read = [
            [offset for _, place, offset, _ in worker.seen if place == partition]
            for worker in (first, second)
        ]
        assert all(offsets == sorted(offsets) for offsets in read)
        assert set(read[0]) | set(read[1]) == set(range(150))


async def test_what_an_ended_assignment_left_is_read_again_and_its_acks_are_not_heard(
    broker: Broker,
) -> None:
    """The first worker's turn hangs over a rebalance: its late ack must not commit what it did not keep."""
    group, topic = unique("late"), await broker.topic("late", partitions=2)
    ledger = Fixed()
    settings = EngineSettings(settle_s=0.2)
    first, second = (Worker(broker, group, topic, ledger=ledger, settings=settings) for _ in range(2))
    first.hold = second.hold = asyncio.Event()
    async with running(first.app):
        for partition in range(2):
            await broker.produce(topic, numbered(0, 10), partition)
        await until(lambda: first.listener.waiting == 20)
        async with running(second.app):
            await until(lambda: second.listener.waiting == 10)
            await until(lambda: first.listener.waiting >= 20, 5)
            assert await broker.committed(group, topic, 0) is None
            assert await broker.committed(group, topic, 1) is None
            first.hold.set()
            await until(lambda: first.listener.waiting == 0 and second.listener.waiting == 0)
            for partition in range(2):
                await broker.until_committed(group, topic, 10, partition=partition)
    for partition in range(2):
        assert {o for w in (first, second) for _, p, o, _ in w.seen if p == partition} == set(range(10))
