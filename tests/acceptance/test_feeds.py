"""`bridge feed run` against a real Kafka: nothing is lost to a SIGKILL, and 202 means that Kafka has it."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from aiokafka import AIOKafkaConsumer

from bridge.domain.cad import CadEvent
from bridge.sandbox.processes import free_port
from bridge.settings import connection
from bridge.wire import cad_events
from tests.faults.ground import Ground, new_ground
from tests.faults.traffic import everything_on

if TYPE_CHECKING:
    from bridge.sandbox.world import World

MAPPING = """
agency = "police.example"
incident = "number"

[time]
column = "at"
format = "%Y-%m-%d %H:%M"
timezone = "America/Chicago"

[call_type]
column = "type"
"""
HEADER = "number,at,type\n"
KEY = "a-long-key-of-the-cad"
PATIENCE = 30.0


class Feed:
    """One feed of a ground, run as an operator runs it."""

    def __init__(self, ground: Ground, folder: Path, way: str) -> None:
        self.ground = ground
        self.folder = folder
        self.log = folder / "log"
        (folder / "mapping.toml").write_text(MAPPING)
        (folder / "key").write_text(f"{KEY}\n")
        (folder / "in").mkdir()
        (folder / "feed.toml").write_text(f'mapping = "mapping.toml"\nstate = "state"\n{way}\n')
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; returns at once."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bridge", "feed", "run", "feed.toml"],
                cwd=self.folder,
                env=dict(self.ground.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait; the exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(PATIENCE)

    def kill_what_is_left(self) -> None:
        """Leave no process behind, whatever the test did."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    async def until(self, file: str) -> None:
        """Wait for a file in the feed's folder."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if (self.folder / file).exists():
                    return
                assert self._process is None or self._process.poll() is None, self.log.read_text()
                await asyncio.sleep(0.01)


@pytest.fixture(scope="module")
def ground(world: "World", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = new_ground(world, tmp_path_factory.mktemp("feeds"))
    yield made
    made.remove()


@asynccontextmanager
async def running(feed: Feed) -> AsyncIterator[Feed]:
    """The feed, started, and gone afterwards."""
    feed.start()
    try:
        yield feed
    finally:
        feed.kill_what_is_left()


@dataclass(slots=True)
class Told:
    """What stands on `cad.events` of the incidents that begin so: the events, repeats apart."""

    records: int = 0
    events: dict[str, CadEvent] = field(default_factory=dict)

    def types(self) -> list[tuple[str, str]]:
        return [(one.incident_id, one.call_type.code) for one in self.events.values() if one.call_type]


async def told(ground: Ground, prefix: str) -> Told:
    """Reads all of `cad.events`. Two contents of one id are an error."""
    found, contents = Told(), dict[str, bytes]()
    for record in await everything_on(ground, ground.topics.cad_events):
        if (record.key or b"").startswith(prefix.encode()):
            event = cad_events.decode(ground.frames, record.value, now=datetime.now(UTC)).event
            assert record.key == event.incident_id.encode()
            assert contents.setdefault(event.event_id, record.value or b"") == record.value
            found.records += 1
            found.events.setdefault(event.event_id, event)
    return found


async def until_told(ground: Ground, prefix: str, events: int) -> Told:
    """Waits until so many events are there."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if len((found := await told(ground, prefix)).events) >= events:
                return found
            await asyncio.sleep(0.05)


def table(numbers: Sequence[str], type_: str = "WELFARE") -> str:
    return HEADER + rows_of(numbers, type_)


def rows_of(numbers: Sequence[str], type_: str = "WELFARE") -> str:
    return "".join(f"{number},2025-01-09 09:00,{type_}\n" for number in numbers)


def put(feed: Feed, name: str, text: str) -> None:
    """As an export should: written under another name, then renamed."""
    unfinished = feed.folder / "in" / f".{name}"
    unfinished.write_text(text)
    unfinished.rename(feed.folder / "in" / name)


async def first_record(ground: Ground, prefix: str) -> None:
    """Waits until the first event about such an incident is on `cad.events`, and no longer."""
    reader = AIOKafkaConsumer(  # type: ignore[no-untyped-call]
        ground.topics.cad_events, **connection(ground.settings.kafka), auto_offset_reset="earliest"
    )
    async with asyncio.timeout(PATIENCE), reader:
        async for record in reader:
            if (record.key or b"").startswith(prefix.encode()):
                return


async def test_no_row_of_a_file_is_lost_when_the_feed_is_killed_in_the_middle(
    ground: Ground, tmp_path: Path
) -> None:
    numbers = [f"drop-{number}" for number in range(8_000)]
    feed = Feed(ground, tmp_path, '[drop]\nfolder = "in"\nstill_seconds = 0\nlook_every_seconds = 0.05')
    put(feed, "calls.csv", table(numbers))
    async with running(feed):
        await first_record(ground, "drop-")
        assert feed.end(signal.SIGKILL) == -signal.SIGKILL
    assert (tmp_path / "in" / "calls.csv").exists(), "killed too late to show anything"
    async with running(feed):
        await feed.until("in/done/calls.csv")
        put(feed, "later.csv", table(numbers[:3], "SUICIDE") + rows_of(numbers[3:]))
        put(feed, "other.csv", "number,when\n")
        await feed.until("in/done/later.csv")
        await feed.until("in/refused/other.csv")
        assert feed.end() == 0
    found = await told(ground, "drop-")
    assert sorted(number for number, type_ in found.types() if type_ == "SUICIDE") == numbers[:3]
    assert sorted(number for number, type_ in found.types() if type_ == "WELFARE") == sorted(numbers)
    assert found.records > len(found.events), "nothing was repeated, so that nothing was interrupted"
    log = feed.log.read_text()
    assert "action=feed.sent agency=police.example rows=8000 events=3" in log
    assert "no column 'at' in its header" in log and "WELFARE" not in log and "drop-" not in log


async def test_a_push_is_answered_202_when_kafka_has_it_and_503_while_it_is_away(
    ground: Ground, tmp_path: Path
) -> None:
    port = free_port()
    feed = Feed(ground, tmp_path, f'[webhook]\nport = {port}\nkey_file = "key"\nanswer_seconds = 2')
    url = f"http://127.0.0.1:{port}"

    async def posted(session: aiohttp.ClientSession, *types: str, key: str = KEY) -> int:
        rows = [{"number": "push-1", "at": "2025-01-09 09:00", "type": type_} for type_ in types]
        headers = {"Authorization": f"Bearer {key}"}
        async with session.post(f"{url}/rows", json=rows, headers=headers) as answer:
            return answer.status

    async with running(feed), aiohttp.ClientSession() as session:
        await listening(session, url)
        assert await posted(session, "WELFARE", key="another") == 401
        assert await posted(session, "WELFARE") == 202
        assert (await told(ground, "push-")).types() == [("push-1", "WELFARE")]
        kafka = ground.world.kafka.daemon.running()
        assert kafka is not None
        kafka.suspend()
        try:
            assert await posted(session, "SUICIDE") == 503
        finally:
            kafka.resume()
        async with asyncio.timeout(PATIENCE):
            while (status := await posted(session, "SUICIDE")) == 503:
                pass
        assert status == 202
        assert (await told(ground, "push-")).types() == [("push-1", "WELFARE"), ("push-1", "SUICIDE")]
        assert feed.end() == 0
    assert KEY not in feed.log.read_text()


async def listening(session: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(f"{url}/live") as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)


async def test_a_poll_tells_a_changed_row_also_after_a_restart(ground: Ground, tmp_path: Path) -> None:
    rows = {"poll-1": "WELFARE", "poll-2": "WELFARE"}
    tokens: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        tokens.append(request.headers.get("X-App-Token"))
        said = [{"number": number, "at": "2025-01-09 09:00", "type": type_} for number, type_ in rows.items()]
        return web.json_response(said)

    application = web.Application()
    application.add_routes([web.get("/calls", answer)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    (tmp_path / "headers").write_text("X-App-Token: CANARYTOKEN\n")
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/calls"
    way = f'[poll]\nurl = "{url}"\nformat = "json"\nevery_seconds = 0.1\nheaders_file = "headers"'
    feed = Feed(ground, tmp_path, way)
    try:
        async with running(feed):
            await until_told(ground, "poll-", 2)
            rows["poll-1"] = "SUICIDE"
            await until_told(ground, "poll-", 3)
            assert feed.end() == 0
        rows["poll-1"] = "WELFARE"
        async with running(feed):
            await until_told(ground, "poll-", 4)
            assert feed.end() == 0
    finally:
        await runner.cleanup()
    found = await told(ground, "poll-")
    assert [type_ for number, type_ in found.types() if number == "poll-1"] == [
        "WELFARE",
        "SUICIDE",
        "WELFARE",
    ]
    assert [type_ for number, type_ in found.types() if number == "poll-2"] == ["WELFARE"]
    assert set(tokens) == {"CANARYTOKEN"}
    assert "CANARYTOKEN" not in feed.log.read_text()
