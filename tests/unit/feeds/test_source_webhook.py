"""CAD posts its rows over real HTTP: 202 is said when Kafka keeps the events, and not before."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from feed_ground import KafkaOfTests, a_feed, a_row, as_csv, as_json

from bridge.errors import ChannelError
from bridge.feeds import webhook
from bridge.feeds.sending import Feed, Record
from bridge.feeds.spool import Spool
from bridge.feeds.webhook import Webhook, WebhookError
from bridge.sandbox.processes import free_port

KEY = "a-long-key-of-the-cad"
GOOD = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}


class Client:
    """What CAD has of it: an address to post to."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def post(self, body: object, **headers: str) -> tuple[int, dict[str, object]]:
        data = body if isinstance(body, bytes) else as_json(body)  # type: ignore[arg-type]
        async with self.session.post(f"{self.url}/rows", data=data, headers={**GOOD, **headers}) as answer:
            if answer.status != 202:
                assert answer.content_type == "application/problem+json"
            return answer.status, await answer.json(content_type=None)


@asynccontextmanager
async def serving(feed: Feed, folder: Path, **changes: object) -> AsyncIterator[Client]:
    """The webhook, until the test is done with it; then it ends as by SIGTERM."""
    way = Webhook(port=free_port(), **changes)  # type: ignore[arg-type]
    url = f"http://127.0.0.1:{way.port}"
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks, aiohttp.ClientSession() as session:
        tasks.create_task(webhook.run(way, KEY, feed, Spool(folder / "spool")))
        await listening(session, url)
        yield Client(session, url)
        feed.stop.set()


async def listening(session: aiohttp.ClientSession, url: str) -> None:
    while True:
        try:
            async with session.get(f"{url}/live") as answer:
                assert (answer.status, await answer.json()) == (200, {"live": True})
                return
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.005)


async def test_one_row_a_list_and_a_table_are_answered_with_what_was_new(tmp_path: Path) -> None:
    kafka = KafkaOfTests()
    async with serving(a_feed(tmp_path, kafka), tmp_path) as cad:
        assert await cad.post(json.dumps(a_row()).encode()) == (202, {"rows": 1, "events": 1})
        assert await cad.post([a_row(), a_row("2")]) == (202, {"rows": 2, "events": 1})
        table = as_csv([a_row("3")])
        assert await cad.post(table, **{"Content-Type": "text/csv"}) == (202, {"rows": 1, "events": 1})
        assert await cad.post([]) == (202, {"rows": 0, "events": 0})
    assert [event.incident_id for event in kafka.events()] == ["1", "2", "3"]
    assert list((tmp_path / "spool").iterdir()) == []


class Holding(KafkaOfTests):
    """Acknowledges when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let = asyncio.Event(), asyncio.Event()

    async def send(self, records: Sequence[Record]) -> None:
        self.asked.set()
        await self.let.wait()
        await KafkaOfTests.send(self, records)


async def test_nothing_is_answered_before_kafka_acknowledged(tmp_path: Path) -> None:
    kafka = Holding()
    async with serving(a_feed(tmp_path, kafka), tmp_path) as cad:
        answer = asyncio.create_task(cad.post([a_row()]))
        await kafka.asked.wait()
        assert not answer.done()
        kafka.let.set()
        assert (await answer)[0] == 202


async def test_without_kafka_the_answer_is_503_and_the_same_rows_are_taken_once(tmp_path: Path) -> None:
    kafka = Holding()
    async with serving(a_feed(tmp_path, kafka), tmp_path, answer_seconds=0.1, waiting=1) as cad:
        first = await cad.post([a_row()])
        assert first[0] == 503
        assert first[1]["remedy"] == "send the same rows again later"
        waiting, *full = await asyncio.gather(*(cad.post([a_row()]) for _ in range(3)))
        assert {status for status, _ in (waiting, *full)} == {503}
        kafka.let.set()
        while (answer := await cad.post([a_row()]))[0] == 503:
            pass
        assert answer == (202, {"rows": 1, "events": 0})
    assert len(kafka.kept) == 1


async def test_who_waits_when_the_process_shall_end_is_answered_first(tmp_path: Path) -> None:
    kafka = Holding()
    feed = a_feed(tmp_path, kafka)
    async with serving(feed, tmp_path) as cad:
        answer = asyncio.create_task(cad.post([a_row()]))
        await kafka.asked.wait()
        feed.stop.set()
        kafka.let.set()
        assert (await answer)[0] == 202


async def test_rows_that_were_never_answered_are_sent_by_the_next_process(tmp_path: Path) -> None:
    kafka = KafkaOfTests(away=[(0, ChannelError("Kafka: never", permanent=True))])
    with pytest.raises(ExceptionGroup) as ended:
        async with serving(a_feed(tmp_path, kafka), tmp_path) as cad:
            await cad.post([a_row()])
    assert ended.group_contains(ChannelError, match="never")
    async with serving(a_feed(tmp_path, kafka), tmp_path):
        assert [event.incident_id for event in kafka.events()] == ["1"]


@pytest.mark.parametrize(
    "said", ["", "Bearer", f"Basic {KEY}", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", "Bearer \xff"]
)
async def test_who_does_not_have_the_key_is_not_read(tmp_path: Path, said: str) -> None:
    kafka = KafkaOfTests()
    async with serving(a_feed(tmp_path, kafka), tmp_path) as cad:
        status, problem = await cad.post([a_row()], Authorization=said)
    assert (status, problem["path"], problem["title"]) == (401, "Authorization", "Unauthorized")
    assert kafka.kept == []


@pytest.mark.parametrize(
    ("body", "path", "rule"),
    [
        (b"{", "body", "is not JSON"),
        (b"\xff", "body", "is not JSON"),
        (b"[" * 100_000, "body", "is not JSON"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "body", ""),
        (b'["CANARY"]', "body[0]", "is not an object"),
        (b'{"CANARY": 1}', "body", "no row has 'number'"),
        (json.dumps({"number": "1", "at": "x" * 200_000}).encode(), "body[0]", "a cell is longer than"),
    ],
)
async def test_a_body_that_does_not_fit_is_told_where_and_why_and_what_to_do(
    tmp_path: Path, body: bytes, path: str, rule: str
) -> None:
    kafka = KafkaOfTests()
    async with serving(a_feed(tmp_path, kafka), tmp_path) as cad:
        status, problem = await cad.post(body)
        assert (status, problem["path"]) == (400, path)
        assert str(problem["rule"]).startswith(rule)
        assert problem["remedy"]
        assert "CANARY" not in str(problem) and str(tmp_path) not in str(problem)
        assert (await cad.post([a_row()]))[0] == 202
    assert len(kafka.kept) == 1


async def test_a_body_that_is_too_long_is_not_read_to_its_end(tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1_000

    async with serving(a_feed(tmp_path, KafkaOfTests()), tmp_path, largest_bytes=10_000) as cad:
        assert (await cad.post(b" " * 10_001))[0] == 413
        async with cad.session.post(f"{cad.url}/rows", data=endless(), headers=GOOD) as answer:
            assert answer.status == 413


async def test_a_body_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    async with serving(a_feed(tmp_path, KafkaOfTests()), tmp_path, read_seconds=0.05) as cad:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(cad.url.rpartition(":")[2]))
        head = f"POST /rows HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nAuthorization: Bearer {KEY}\r\n"
        writer.write(f"{head}Content-Length: 5\r\n\r\n".encode())
        assert b" 408 " in await reader.readline()
        writer.close()


async def test_other_content_and_other_paths_are_refused(tmp_path: Path) -> None:
    async with serving(a_feed(tmp_path, KafkaOfTests()), tmp_path) as cad:
        assert (await cad.post(b"<a/>", **{"Content-Type": "text/xml"}))[0] == 415
        async with cad.session.get(f"{cad.url}/rows") as answer:
            assert answer.status == 405
        async with cad.session.post(f"{cad.url}/other") as answer:
            assert answer.status == 404


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        way = Webhook(port=taken.getsockname()[1])
        with pytest.raises(WebhookError, match=r"127\.0\.0\.1:\d+ cannot be listened at .*; name a free one"):
            await webhook.run(way, KEY, a_feed(tmp_path, KafkaOfTests()), Spool(tmp_path / "spool"))
