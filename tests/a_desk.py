"""A desk as its operator has it: the real command as a process, its keys by the command, and its probes."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen
from uuid import uuid4

import aiohttp

from bridge.domain.cad import CadEvent
from bridge.sandbox.processes import free_port
from bridge.wire import cad_events
from tests.faults.ground import Ground
from tests.faults.traffic import producer

START_SECONDS = 60.0
HANGS_WHEN_ASKED = (
    "import signal, sys, time; signal.signal(signal.SIGUSR1, lambda *_: time.sleep(60));"
    "sys.argv[0] = 'bridge'; from bridge.__main__ import main; main()"
)
"""The command, with a loop that stands still on SIGUSR1."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered."""

    status: int
    json: Any


def bridge(ground: Ground, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bridge", *arguments],
        cwd=ground.folder,
        env=dict(ground.environment),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )


def new_key(ground: Ground, side: str, whose: str, name: str = "") -> str:
    """A key that `bridge desk key add` printed; `side` is destination or agency."""
    made = bridge(ground, "desk", "key", "add", name or f"k-{uuid4().hex[:8]}", f"--{side}", whose)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


async def say(ground: Ground, event: CadEvent) -> None:
    """CAD says this, and Kafka keeps it."""
    async with producer(ground) as writer:
        value = cad_events.encode(ground.frames, event)
        await writer.send_and_wait(ground.topics.cad_events, value, key=event.incident_id.encode())


async def an_offer(ground: Ground, event: CadEvent) -> str:
    """The address of the transfer that a running worker makes of this event, once it is offered."""
    await say(ground, event)
    question = "select transfer_id from transfer where incident_key like $1 and state = 'offered'"
    return f"transfers/{await until(ground, question, f'%/{event.incident_id}')}"


async def until(ground: Ground, question: str, *arguments: object) -> Any:
    """What the ledger answers, once it is something."""
    sql = await ground.ledger()
    try:
        async with asyncio.timeout(30):
            while not (found := await sql.fetchval(question, *arguments)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return found
    finally:
        await sql.close()


@dataclass
class ADesk:
    """One process. `keys` are by the names that a test gives to those who speak."""

    ground: Ground
    session: aiohttp.ClientSession
    process: "subprocess.Popen[bytes]"
    log: Path
    port: int
    probes: int
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    async def post(self, by: str, path: str, body: object = None) -> Answered:
        """Somebody says something."""
        headers = {"Authorization": f"Bearer {self.keys[by]}", "Idempotency-Key": uuid4().hex}
        async with self.session.post(f"{self.url}/v1/{path}", json=body or {}, headers=headers) as answer:
            return Answered(answer.status, await answer.json(content_type=None))

    async def get(self, by: str, path: str, **parameters: str) -> Answered:
        """Somebody looks."""
        headers = {"Authorization": f"Bearer {self.keys.get(by, by)}"}
        async with self.session.get(f"{self.url}/v1/{path}", params=parameters, headers=headers) as answer:
            return Answered(answer.status, await answer.json(content_type=None))

    def probe(self, page: str) -> tuple[int, Any]:
        """What a probe answers; 0 when nobody does."""
        try:
            with urlopen(f"http://127.0.0.1:{self.probes}/health/{page}", timeout=5) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refused:
            return refused.code, json.load(refused)
        except OSError:
            return 0, {}

    async def becomes(self, page: str, status: int, within: float = 30.0) -> Any:
        """What a probe says once it answers this."""
        async with asyncio.timeout(within):
            while True:
                answer, said = await asyncio.to_thread(self.probe, page)
                if answer == status:
                    return said
                await asyncio.sleep(0.05)

    def is_told_to_end(self) -> None:
        """As a scheduler does."""
        self.process.send_signal(signal.SIGTERM)

    async def ended(self, within: float = 20.0) -> int:
        """Its exit status."""
        return await asyncio.to_thread(self.process.wait, within)


@asynccontextmanager
async def a_desk(ground: Ground, **settings: str) -> AsyncIterator[ADesk]:
    """A desk that is ready, on this ground."""
    port, probes = free_port(), free_port()
    environment = {
        **ground.environment,
        "BRIDGE_DESK__PORT": str(port),
        "BRIDGE_WORKER__PROBES_PORT": str(probes - 2),
        **settings,
    }
    log = ground.folder / f"desk-{port}.log"
    process = _started(ground.folder, log, environment)
    try:
        async with aiohttp.ClientSession() as session:
            desk = ADesk(ground, session, process, log, port, probes)
            try:
                await desk.becomes("ready", 200, START_SECONDS)
            except TimeoutError:
                raise AssertionError(log.read_text()) from None
            yield desk
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _started(folder: Path, log: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-c", HANGS_WHEN_ASKED, "desk"],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
