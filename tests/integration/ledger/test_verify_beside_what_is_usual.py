"""What is usual in Kafka and on a running system breaks no invariant; what is not usual there is named."""

import asyncio
import re

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from building import AGENCY, FRAMES, a_record, a_signal, an_event
from desks import a_desk
from town import Town, a_busy_evening, a_town

from bridge.cli.kafka_log import kafka_log
from bridge.domain.cad import EventKind
from bridge.domain.signal import SignalKind
from bridge.wire import cad_events
from bridge.wire.cloudevents import CloudEvent, headers


@pytest.fixture
async def town(world, database):
    async with a_town(database, world.kafka.bootstrap) as town:
        yield town


async def in_a_transaction(town: Town, *values: bytes, commits: bool) -> list[int]:
    """Records of one Kafka transaction; answers their offsets. A mark follows the last."""
    producer = AIOKafkaProducer(
        bootstrap_servers=town.kafka.bootstrap[0], transactional_id=f"{town.prefix}cad{commits}"
    )
    await producer.start()
    try:
        await producer.begin_transaction()
        stored = [await producer.send_and_wait(town.topic("cad.events"), value) for value in values]
        await (producer.commit_transaction() if commits else producer.abort_transaction())
    finally:
        await producer.stop()
    return [one.offset for one in stored]


async def delete_before(town: Town, topic: str, offset: int) -> None:
    """As retention does."""
    admin = AIOKafkaAdminClient(bootstrap_servers=town.kafka.bootstrap[0])
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(town.topic(topic), 0): RecordsToDelete(offset)})
    finally:
        await admin.close()


async def test_marks_of_transactions_are_no_lost_records(town):
    async with town.lane() as lane:
        for name, commits in (("1", True), ("2", False), ("3", True)):
            event = an_event(f"INV-{name}", f"e{name}")
            (offset,) = await in_a_transaction(town, cad_events.encode(FRAMES, event), commits=commits)
            await lane.reads(a_record(event, offset, topic=town.topic("cad.events")))
        await town.calls(lane, an_event("INV-4", "e4"))
    report = await town.verified()
    assert report.broken == {} and report.counts["records"] == 4


async def test_a_record_of_an_aborted_transaction_needs_a_row_too(town):
    """The lanes read it: a producer that gives up may have told of a call all the same."""
    async with town.lane() as lane:
        (offset,) = await in_a_transaction(town, b"given up", commits=False)
        await town.calls(lane, an_event())
    assert (await town.verified()).broken == {
        1: [f"record has no row: {town.topic('cad.events')}[0]@{offset}"]
    }


async def test_what_retention_took_is_not_missing(town):
    async with town.lane() as lane:
        await town.puts("cad.events", b"before the bridge came")
        await town.calls(lane, an_event(), an_event("INV-2", "e2"))
        await delete_before(town, "cad.events", 2)
        await delete_before(town, "bridge.status", 3)
    report = await town.verified()
    assert report.broken == {} and report.counts["no longer in Kafka"] == 3


async def test_the_records_of_others_are_counted(town):
    async with town.lane() as lane:
        await town.calls(lane, an_event())
        await town.puts("cad.returns", b"who are you", headers(CloudEvent(id="x", source="somebody/else")))
        await town.puts("cad.returns", b"")
    report = await town.verified()
    assert report.broken == {} and report.counts["records of others"] == 2


async def test_a_record_of_ours_that_was_not_stored_is_named(town):
    async with town.lane() as lane:
        await town.calls(lane, an_event())
    offset = await town.puts("cad.returns", b"?", headers(CloudEvent(id="x", source="bridge/tests")))
    assert (await town.verified()).broken == {
        5: [f"sent and not stored: {town.topic('cad.returns')}[0]@{offset}"]
    }


async def test_a_message_that_went_out_twice_is_counted_and_allowed(town):
    async with town.lane() as lane:
        await town.calls(lane, an_event())
        lane.post.delivers = False
        first, *_ = lane.post.messages
        await town.signals(lane, a_signal(SignalKind.ALERTING), a_signal(SignalKind.DECLINED))
        await lane.post._answers([first, first])
    report = await town.verified()
    assert report.broken == {} and report.counts["sent twice"] == 1


async def test_bytes_that_changed_on_the_way_are_named(town):
    async with town.lane() as lane:
        await town.calls(lane, an_event())
    sent = lane.post.messages[0]
    offset = await town.puts("bridge.status", b"other", list(sent.headers))
    (named,) = (await town.verified()).broken[5]
    assert named == (
        f"not the bytes that were stored: {town.topic('bridge.status')}[0]@{offset} message {sent.message_id}"
    )


async def test_two_lanes_at_work_raise_no_alarm(town):
    """Checked again and again while events and signals flow through both lanes."""
    async with town.lane("a") as one, town.lane("b") as other:
        await a_busy_evening(town, one)
        done = asyncio.Event()

        async def goes_on() -> None:
            for number in range(10, 40):
                event = an_event(f"INV-{number}", f"e{number}")
                offset = await town.puts("cad.events", cad_events.encode(FRAMES, event))
                record = a_record(event, offset, topic=town.topic("cad.events"))
                await asyncio.gather(one.reads(record), other.reads(record))
                await town.signals(one, a_signal(SignalKind.VOICE_CONTACT, f"INV-{number}"))
                news = an_event(f"INV-{number}", f"n{number}", kind=EventKind.NOTE_ADDED, note="COLD")
                await town.calls(other, news)
            done.set()

        async def looks_on() -> int:
            looked = 0
            while not done.is_set():
                assert (await town.verified()).broken == {}
                looked += 1
            return looked

        _, looked = await asyncio.gather(goes_on(), looks_on())
    assert looked >= 1
    assert (await town.verified()).broken == {}


async def test_the_log_is_read_to_its_end_in_order(town):
    for number in range(1200):
        await town.producer.send(town.topic("bridge.status"), str(number).encode())
    await town.producer.flush()
    async with kafka_log(town.kafka) as log:
        first, end = await log.reach(town.topic("bridge.status"), 0)
        read = [batch async for batch in log.read(town.topic("bridge.status"), 0, first + 10, end - 10)]
    assert [record.offset for batch in read for record in batch] == list(range(10, 1190))
    assert len(read) > 1


async def test_a_topic_named_with_many_digits_is_no_telephone_number(town, sql):
    async with town.lane() as lane:
        await town.calls(lane, an_event())
    broken = "select count(*) from outbox where answer ~ '\\d{7}'"
    await sql.execute("update outbox set answer = 'city-12345678.offers[0]@5'")
    assert await sql.fetchval(broken) > 0
    report = await town.verified()
    assert 7 not in report.broken


async def test_what_people_say_by_http_has_no_place_in_kafka_and_breaks_nothing(town):
    """An id of a message may look like a telephone number, and is none."""
    async with town.lane() as lane, a_desk(lane) as desk:
        await town.calls(lane, *(an_event(f"INV-{number}", f"e{number}") for number in range(1, 13)))
        messages = (await desk.get("crisis-line", "offers")).json["messages"]
        assert any(re.search(r"\d{7}", message["message_id"]) for message in messages)
        for message in messages:
            path = f"offers/{message['message_id']}/acknowledge"
            assert (await desk.post("crisis-line", path, {"read": True})).status == 200
        took = await desk.post("crisis-line", f"transfers/{messages[0]['transfer_id']}/voice-contact")
        assert took.status == 200
        opened = await desk.post("crisis-line", "calls", {"agency": AGENCY, "number": "4711"})
        assert opened.status == 200
        report = await town.verified()
    assert report.broken == {}
