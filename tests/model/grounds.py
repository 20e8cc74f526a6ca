"""A real ledger as a ground: by the verbs that hear what Kafka brings, and by the HTTP API.

A worker dies between two statements of its transaction, or after the COMMIT and before it says so; another
one then reads the same again, or whoever asked asks again.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import Any
from unittest import mock

import asyncpg
from building import FRAMES, a_heard_signal, a_record, a_signal, an_event, rules, the_incident, the_transfer
from desks import a_desk
from hands import Lane, a_lane
from reading import _opened

from bridge.desk.verbs import VERBS, About
from bridge.domain.signal import SignalKind
from bridge.domain.transfer_table import ENDS, State
from bridge.handling.end_waits import end_waits
from bridge.ledger.connection import transaction
from bridge.ledger.ledger import Ledger
from bridge.ledger.turns import TurnTransaction
from bridge.ledger.verify import verify_tables
from bridge.wire import returns as wire_returns
from tests.model.deeds import REASONS, Deed, Seen

K = SignalKind
LONG = 100.0
"""So much longer is every wait: only the test says when one is over."""
OUTCOME = "resolved_by_phone"


class DiedError(Exception):
    """The worker is gone."""


class _Mortal:
    """A connection whose user dies after so many statements."""

    def __init__(self, connection: Any, left: list[int]) -> None:
        self._connection, self._left = connection, left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._connection, name)
        if name not in {"fetch", "fetchrow", "fetchval", "execute", "executemany"}:
            return found

        async def counted(*given: Any, **named: Any) -> Any:
            if self._left[0] == 0:
                raise DiedError
            self._left[0] -= 1
            return await found(*given, **named)

        return counted


@contextmanager
def dying(after: int | None) -> Iterator[None]:
    """Whoever uses the ledger here dies after so many statements, and at the latest after the COMMIT."""
    if after is None:
        yield
        return
    left = [after]

    @asynccontextmanager
    async def turn(self: Ledger) -> Any:
        async with transaction(self.pool) as connection:
            mortal: Any = _Mortal(connection, left)
            yield TurnTransaction(
                mortal, keys=self.keys, snapshots=self.snapshots, lane=self.lane, worker=self.worker
            )
        raise DiedError

    with mock.patch.object(Ledger, "turn", turn):
        yield


class OnLedger:
    """Two workers' hands on one ledger; each call of a test is an incident of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._loop = asyncio.Runner()
        self._calls = self._offset = 0
        self._run(self._opens())

    def begins(self, *, on_the_line: bool) -> None:
        self._calls += 1
        self._events = 1
        self._incident = f"P-{self._calls}"
        self._told: dict[str, Any] = {}
        event = an_event(self._incident, f"{self._incident}-1", on_the_line=on_the_line)
        self._event = replace(event, callback=f"214{self._calls:07}")
        self._run(self._lane.reads(a_record(self._event, self._next())))

    def does(self, deed: Deed, *, dies_after: int | None = None) -> None:
        said = a_signal(
            deed.kind,
            self._incident,
            attempt=deed.attempt,
            by=deed.by,
            reason=REASONS.get(deed.kind, ""),
            prefers=deed.to if deed.kind is K.HANDED_ON else "",
            callback_agreed=deed.agreed,
            name=f"{self._incident}-{deed.name}",
        )
        said = replace(said, outcome=OUTCOME) if deed.kind is K.CLOSED else said
        said = self._told.setdefault(deed.name, said)
        record = a_heard_signal(said, self._next())
        self._twice(lambda lane: lane.hears(record), dies_after)

    def silence(self, attempt: int, *, dies_after: int | None = None) -> None:
        self._run(
            self._sql.execute(
                "update transfer set deadline = clock_timestamp() - interval '1 s'"
                " where transfer_id = $1 and deadline is not null",
                the_transfer(self._incident, attempt),
            )
        )
        self._twice(lambda lane: end_waits(lane.handling), dies_after)

    def danger(self, *, dies_after: int | None = None) -> None:
        self._events += 1
        event = an_event(self._incident, f"{self._incident}-{self._events}", weapon=True)
        event = replace(event, callback=self._event.callback, caller=self._event.caller)
        record = a_record(event, self._next())
        self._twice(lambda lane: lane.reads(record), dies_after)

    def seen(self) -> Seen:
        return self._run(self._seen())

    def ends(self) -> None:
        self._run(self._check())

    def close(self) -> None:
        self._run(self._stack.aclose())
        self._loop.close()

    def _twice(self, deed: Any, dies_after: int | None) -> None:
        """One worker does it and dies; the other does it again."""
        if dies_after is not None:
            with dying(dies_after), suppress(DiedError):
                self._run(deed(self._lane))
        self._run(deed(self._other if dies_after is not None else self._lane))

    def _run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run(what)

    def _next(self) -> int:
        self._offset += 1
        return self._offset

    async def _opens(self) -> None:
        self._stack = AsyncExitStack()
        given = rules(scale=LONG, budget=120 * LONG)
        self._lane: Lane = await self._stack.enter_async_context(a_lane(self._dsn, given=given))
        self._other: Lane = await self._stack.enter_async_context(a_lane(self._dsn, "b", given=given))
        self._sql = await asyncpg.connect(self._dsn, server_settings={"timezone": "UTC"})
        self._stack.callback(self._sql.terminate)

    async def _seen(self) -> Seen:
        key = the_incident(self._incident)
        incident = await self._sql.fetchrow("select * from incident where incident_key = $1", key)
        rows = await self._sql.fetch(
            "select destination, state, deadline from transfer where incident_key = $1 order by attempt",
            key,
        )
        for row in rows:
            assert (row["deadline"] is None) is (State(row["state"]) in ENDS), "a wait without an end"
        numbers = await self._sql.fetch(
            "select distinct number from outbox where incident_key = $1 order by number", key
        )
        assert [row["number"] for row in numbers] == list(range(1, incident["messages"] + 1)), "a gap"
        last = await self._sql.fetchrow(
            "select o.*, coalesce(o.data_key, i.data_key) as opens from outbox o join incident i"
            " using (incident_key) where carries = 'return' and incident_key = $1"
            " order by number desc limit 1",
            key,
        )
        told = wire_returns.decode(FRAMES, _opened(last)).holder
        audited = await self._sql.fetchval(
            "select holder from audit where incident_key = $1 order by number desc limit 1", key
        )
        assert audited == incident["holder"]
        return Seen(incident["holder"], told, tuple((row["destination"], row["state"]) for row in rows))

    async def _check(self) -> None:
        report = await verify_tables(self._dsn, cad_topic="cad.events")
        assert not report.broken, report.broken


PATHS = {verb.kind: verb.name for verb in reversed(VERBS) if verb.about is About.TRANSFER}


class OverHttp(OnLedger):
    """The same ledger, and what people do comes by the HTTP API."""

    def does(self, deed: Deed, *, dies_after: int | None = None) -> None:
        where = f"transfers/{the_transfer(self._incident, deed.attempt)}/{PATHS[deed.kind]}"
        body: dict[str, object] = {}
        if deed.agreed:
            body["callback_agreed"] = True
        if deed.kind in REASONS:
            body["reason"] = REASONS[deed.kind]
        if deed.kind is K.HANDED_ON:
            body["destination"] = deed.to
        if deed.kind is K.CLOSED:
            body["outcome"] = OUTCOME
        key = f"{self._incident}-{deed.name}"
        if dies_after is not None:
            with dying(dies_after):
                self._run(self._desk.post(deed.by, where, body, key=key))
        said = self._run(self._desk.post(deed.by, where, body, key=key))
        assert said.status in {200, 409}, (said.status, said.json)

    async def _opens(self) -> None:
        await super()._opens()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # that workers die is the point
        self._desk = await self._stack.enter_async_context(a_desk(self._lane))
