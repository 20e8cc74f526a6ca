"""A poll over HTTP against a real server that says what a test wants, in the order it wants."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from feed_ground import KafkaOfTests, a_feed, a_row, as_csv, as_json

from bridge.errors import SettingsError
from bridge.feeds import poll
from bridge.feeds.poll import Poll, PollError, headers_of
from bridge.feeds.sending import Feed
from bridge.feeds.spool import Spool

FIRST, SECOND = as_csv([a_row()]), as_csv([a_row(type_="SUICIDE")])


@dataclass(slots=True)
class Server:
    """Gives these answers one after the other, and then stops the feed. Keeps what it was asked with."""

    answers: list[web.Response] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    feed: Feed | None = None
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.headers))
        if len(self.answers) == 1 and self.feed is not None:
            self.feed.stop.set()
        return self.answers.pop(0)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    application = web.Application()
    application.add_routes([web.get("/calls", made.answer)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/calls"
    yield made
    await runner.cleanup()


async def polled(
    server: Server,
    folder: Path,
    *answers: web.Response,
    headers: dict[str, str] | None = None,
    **changes: object,
) -> KafkaOfTests:
    """What Kafka has after the server gave these answers."""
    kafka = KafkaOfTests()
    server.answers, server.feed = list(answers), a_feed(folder, kafka)
    way = Poll(server.url, every_seconds=0.01, **changes)  # type: ignore[arg-type]
    async with asyncio.timeout(20):
        await poll.run(way, headers or {}, server.feed, Spool(folder / "spool"))
    return kafka


def kinds(kafka: KafkaOfTests) -> list[str]:
    return [event.kind.value for event in kafka.events()]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits a second in a test."""
    monkeypatch.setattr(poll, "_FIRST_WAIT", 0.001)


async def test_a_changed_row_is_told_and_an_unchanged_table_is_not(server: Server, tmp_path: Path) -> None:
    tables = [web.Response(body=body) for body in (FIRST, FIRST, SECOND)]
    assert kinds(await polled(server, tmp_path, *tables)) == ["CREATED", "CHANGED"]
    assert list((tmp_path / "spool").iterdir()) == []


async def test_json_is_a_table_too(server: Server, tmp_path: Path) -> None:
    rows = as_json([a_row(), {**a_row("2"), "at": None, "place": {"lat": 1}}])  # type: ignore[dict-item]
    assert kinds(await polled(server, tmp_path, web.Response(body=rows), format="json")) == ["CREATED"] * 2


async def test_the_server_is_asked_only_for_what_changed_and_with_the_headers(
    server: Server, tmp_path: Path
) -> None:
    answers = [
        web.Response(body=FIRST, headers={"ETag": '"1"', "Last-Modified": "Thu, 09 Jan 2025 15:00:00 GMT"}),
        web.Response(status=304),
        web.Response(body=SECOND, headers={"Last-Modified": "Thu, 09 Jan 2025 15:01:00 GMT"}),
        web.Response(status=304),
    ]
    kafka = await polled(server, tmp_path, *answers, headers={"X-App-Token": "secret"})
    assert kinds(kafka) == ["CREATED", "CHANGED"]
    assert [asked.get("If-None-Match") for asked in server.asked] == [None, '"1"', '"1"', None]
    assert server.asked[3]["If-Modified-Since"] == "Thu, 09 Jan 2025 15:01:00 GMT"
    assert {asked["X-App-Token"] for asked in server.asked} == {"secret"}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (lambda: web.Response(status=500), "status.500"),
        (lambda: web.Response(status=302, headers={"Location": "/calls"}), "status.302"),
        (lambda: web.Response(body=b"x" * 2_000), "too_long"),
        (
            lambda: web.Response(body=gzip.compress(b"x" * 100_000), headers={"Content-Encoding": "gzip"}),
            "too_long",
        ),
        (lambda: web.Response(body=b"CANARY,when\n1,2\n"), "no column 'number'"),
    ],
)
async def test_a_poll_that_fails_is_tried_again_and_told_without_a_cell(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: object, reason: str
) -> None:
    answers = [bad(), bad(), web.Response(body=FIRST)]  # type: ignore[operator]
    kafka = await polled(server, tmp_path, *answers, headers={"X": "CANARY"}, largest_bytes=1_000)
    assert kinds(kafka) == ["CREATED"]
    said = "".join(capsys.readouterr())
    assert said.count(reason) == 2
    assert "CANARY" not in said


async def test_a_server_that_does_not_answer_in_time_is_asked_again(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Never(web.Response):
        async def prepare(self, request: web.BaseRequest) -> None:
            await asyncio.Event().wait()

    kafka = await polled(server, tmp_path, Never(), web.Response(body=FIRST), timeout_seconds=0.2)
    assert kinds(kafka) == ["CREATED"]
    assert "timeout" in "".join(capsys.readouterr())


async def test_an_address_without_a_table_for_too_long_ends_the_feed(server: Server, tmp_path: Path) -> None:
    answers = [web.Response(status=503) for _ in range(100)]
    with pytest.raises(
        PollError, match=r"gave no table that fits for 0 s, the last time: status\.503; see that"
    ):
        await polled(server, tmp_path, *answers, give_up_after_seconds=0.05)
    assert len(server.answers) < 99


async def test_the_wait_that_a_busy_server_asks_for_is_kept(server: Server, tmp_path: Path) -> None:
    busy = web.Response(status=429, headers={"Retry-After": "1"})
    started = asyncio.get_running_loop().time()
    await polled(server, tmp_path, busy, web.Response(body=FIRST))
    assert asyncio.get_running_loop().time() - started >= 1.0


def test_headers_are_lines_and_a_bad_one_is_not_shown() -> None:
    assert headers_of("X-App-Token: abc\n\nAuthorization: Basic a:b\n") == {
        "X-App-Token": "abc",
        "Authorization": "Basic a:b",
    }
    with pytest.raises(SettingsError, match=r"headers_file: line 2 is no header; write it as") as refused:
        headers_of("A: b\nsecret value\n")
    assert "secret" not in str(refused.value)
