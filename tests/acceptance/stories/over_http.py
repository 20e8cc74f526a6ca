"""How people of a story speak and hear by HTTP: a desk that runs for itself, and a key for each side.

A feed is read as its readers do, a long poll behind a cursor; each call reads its own.
"""

import asyncio
import hashlib
import json
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bridge.app.parts import open_ledger
from bridge.desk.showing import NewsPage, OfferPage
from bridge.domain.ids import NINE_ONE_ONE, AgencyId, DestinationId
from bridge.domain.signal import Signal, Speaker
from bridge.handling.answer_once import Asker, signal_id
from bridge.ledger.desk import add_key
from bridge.sandbox.processes import free_port
from tests.acceptance.stories import posted
from tests.acceptance.stories.over_kafka import Looked, Message, is_for
from tests.faults.ground import Ground

LONG_POLL_SECONDS = 20


@dataclass
class Feed:
    """What one side was sent, as far as it was read."""

    cursor: str = ""
    messages: list[Message] = field(default_factory=list)


@dataclass
class OverHttp:
    """The way of one 911 and its destinations over HTTP. `feeds` are of whoever began to read."""

    desk: "DeskProcess"
    agency: AgencyId
    feeds: dict[str, Feed] = field(default_factory=dict)

    async def begins(self, who: str) -> None:
        """Read from now on."""
        self.feeds[who] = Feed()
        await self._reads(who, wait=0)

    async def says(self, signal: Signal, refused: str) -> str:
        """Post it, look at the answer, and answer the id under which the audit keeps it."""
        who = self._who(signal)
        key = f"key-of-{signal.signal_id}"
        status, answer = await self.desk.posts(who, posted.address(signal), posted.body(signal), key)
        assert (status, answer.get("reason", "")) == ((409, refused) if refused else (200, "")), answer
        again = await self.desk.posts(who, posted.address(signal), posted.body(signal), key)
        assert again == (status, answer), "the same request has the same answer"
        return signal_id(self.desk.asker(who), key)

    async def hears(self, who: str, wanted: Looked, within_s: float) -> Message:
        """The first message to this side that is wanted, from its feed."""
        side, feed = self._side(who), self.feeds[who]
        assert side in self.desk.keys
        async with asyncio.timeout(within_s):
            while True:
                found = (each for each in feed.messages if is_for(who, each) and wanted(each))
                if (message := next(found, None)) is not None:
                    return message
                await self._reads(who, wait=LONG_POLL_SECONDS)

    async def reads(self, who: str, message: Message) -> str:
        """A person there has read it; answer the id under which the audit keeps that."""
        key = f"read-{message.message_id}"
        path = f"offers/{message.message_id}/acknowledge"
        status, answer = await self.desk.posts(self._side(who), path, {"read": True}, key)
        assert status == 200, answer
        return signal_id(self.desk.asker(self._side(who)), key)

    async def looks(self, who: str, path: str) -> dict[str, object]:
        """What this side is shown there."""
        seen: dict[str, object] = json.loads(await self.desk.gets(self._side(who), path))
        return seen

    async def lives(self, who: str) -> None:
        """A heartbeat of a destination's system."""
        status, answer = await self.desk.posts(self._side(who), "self/heartbeat", {}, secrets.token_hex(8))
        assert status == 200, answer

    async def _reads(self, who: str, *, wait: int) -> None:
        feed = self.feeds[who]
        of_911 = who == NINE_ONE_ONE
        after = {"after": feed.cursor} if feed.cursor else {}
        path = "news" if of_911 else "offers"
        content = await self.desk.gets(self._side(who), path, wait=str(wait), **after)
        page = (NewsPage if of_911 else OfferPage).model_validate_json(content)
        feed.messages += page.messages
        feed.cursor = page.cursor

    def _who(self, signal: Signal) -> str:
        return self._side(NINE_ONE_ONE if signal.speaker is Speaker.NINE_ONE_ONE else signal.speaker_id)

    def _side(self, who: str) -> str:
        """Whose key is meant: each agency has its own 911."""
        return str(self.agency) if who == NINE_ONE_ONE else who


@dataclass
class DeskProcess:
    """The real `bridge desk`, with keys by agency and by destination."""

    url: str
    session: aiohttp.ClientSession
    keys: dict[str, tuple[Asker, str]]

    def asker(self, side: str) -> Asker:
        """Who speaks with this side's key."""
        return self.keys[side][0]

    async def posts(self, side: str, path: str, said: object, key: str) -> tuple[int, dict[str, object]]:
        """Status and answer of a request under an idempotency key."""
        headers = {**self._headers(side), "Idempotency-Key": key}
        async with self.session.post(f"{self.url}/v1/{path}", json=said, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def gets(self, side: str, path: str, **asked: str) -> bytes:
        """What a side looks at."""
        at = f"{self.url}/v1/{path}"
        async with self.session.get(at, params=asked, headers=self._headers(side)) as answer:
            content = await answer.read()
            assert answer.status == 200, content
            return content

    def _headers(self, side: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[side][1]}"}


@asynccontextmanager
async def running_desk(
    ground: Ground, agencies: Iterable[AgencyId], destinations: Iterable[DestinationId], within_s: float
) -> AsyncIterator[DeskProcess]:
    """A desk that answers, and a key for each of these; ended after the block."""
    port, log = free_port(), ground.folder / "desk.log"
    command = [sys.executable, "-m", "bridge", "desk"]
    ports = {"BRIDGE_DESK__PORT": str(port), "BRIDGE_WORKER__PROBES_PORT": str(free_port())}
    environment = {**ground.environment, **ports}
    process = _started(command, environment, log)
    try:
        async with aiohttp.ClientSession() as session:
            keys = await _keys(ground, agencies, destinations)
            desk = DeskProcess(f"http://127.0.0.1:{port}", session, keys)
            async with asyncio.timeout(within_s):
                while not await _answers(desk):
                    assert process.poll() is None, log.read_text()[-2000:]
                    await asyncio.sleep(0.1)
            yield desk
    finally:
        process.terminate()
        assert await asyncio.to_thread(process.wait, 30) == 0, log.read_text()[-2000:]


def _started(command: Sequence[str], environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=log.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


async def _keys(
    ground: Ground, agencies: Iterable[AgencyId], destinations: Iterable[DestinationId]
) -> dict[str, tuple[Asker, str]]:
    """A new key for each side, as `bridge desk key add` makes them."""
    sides = [
        *(Asker(f"911-{agency}", agency=agency) for agency in agencies),
        *(Asker(f"of-{name}", destination=name) for name in destinations),
    ]
    keys = {str(asker.agency or asker.destination): (asker, secrets.token_urlsafe(32)) for asker in sides}
    ledger = await open_ledger(ground.settings, ground.frames, worker="story-keys")
    try:
        for asker, key in keys.values():
            assert await add_key(ledger, hashlib.sha256(key.encode()).digest(), asker, None)
    finally:
        await ledger.close()
    return keys


async def _answers(desk: DeskProcess) -> bool:
    try:
        async with desk.session.get(f"{desk.url}/health") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False
