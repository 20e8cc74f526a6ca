"""A desk on a real ledger, for tests: the HTTP API behind its door, a real server, and keys."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from building import AGENCY, CITY_311, CRISIS_LINE, FRAMES
from hands import Lane

from bridge.desk.api import Desk, make_api
from bridge.desk.door import Bounds
from bridge.desk.feeds import Waiting
from bridge.desk.limits import Limits, Rate
from bridge.desk.serving import Server
from bridge.domain.ids import AgencyId, DestinationId
from bridge.handling.looking import Look
from bridge.ledger.desk import Asker, add_key

PLENTY = Rate(100_000, 100_000)


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered."""

    status: int
    body: bytes
    json: Any
    headers: Mapping[str, str]


@dataclass
class Desks:
    """A running desk and its callers: `as_911`, `crisis_line`, `city_311` are their keys."""

    url: str
    lane: Lane
    session: aiohttp.ClientSession
    keys: dict[str, str] = field(default_factory=dict)

    async def key(
        self, name: str, *, agency: str | None = None, destination: str | None = None, days: int | None = None
    ) -> str:
        """A new key of one side."""
        key = uuid.uuid4().hex
        asker = Asker(
            name, AgencyId(agency) if agency else None, DestinationId(destination) if destination else None
        )
        digest = hashlib.sha256(key.encode()).digest()
        assert await add_key(self.lane.ledger, digest, asker, days)
        return key

    async def post(
        self, by: str, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> Said:
        """A request of one side; each with an idempotency key of its own, but where one is given."""
        sent = {
            "Authorization": f"Bearer {self.keys.get(by, by)}",
            "Idempotency-Key": key or uuid.uuid4().hex,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        async with self.session.post(f"{self.url}/v1/{path}", json=body or {}, headers=sent) as response:
            return await _said(response)

    async def get(self, by: str, path: str, **parameters: str) -> Said:
        """A look of one side."""
        sent = {"Authorization": f"Bearer {self.keys.get(by, by)}"}
        async with self.session.get(f"{self.url}/v1/{path}", params=parameters, headers=sent) as response:
            return await _said(response)


async def _said(response: aiohttp.ClientResponse) -> Said:
    body = await response.read()
    return Said(response.status, body, await response.json(content_type=None), response.headers.copy())


@asynccontextmanager
async def a_desk(
    lane: Lane,
    *,
    limits: Limits | None = None,
    bounds: Bounds | None = None,
    waiting: Waiting | None = None,
) -> AsyncIterator[Desks]:
    """A desk over this lane's ledger, with a key for each side."""
    waiting = waiting or Waiting(8, 400)
    deeds = replace(lane.handling, lease=None, lost_retry_seconds=2.0)
    desk = Desk(deeds, Look(deeds), FRAMES, waiting)
    server = Server(
        make_api(desk, limits or Limits(PLENTY, PLENTY), bounds or Bounds()),
        waiting,
        host="127.0.0.1",
        port=0,
    )
    running = asyncio.create_task(server.run())
    try:
        async with aiohttp.ClientSession() as session:
            desks = Desks(f"http://127.0.0.1:{server.port}", lane, session)
            desks.keys["911"] = await desks.key("town-1", agency=AGENCY)
            desks.keys["crisis-line"] = await desks.key("crisis-1", destination=CRISIS_LINE)
            desks.keys["city-311"] = await desks.key("city-1", destination=CITY_311)
            yield desks
    finally:
        server.end()
        await running
