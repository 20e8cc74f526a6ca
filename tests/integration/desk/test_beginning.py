"""A request is begun in one round trip, and rests on how things are under its lock, not on how they were."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from building import a_record, a_signal, an_event, the_transfer
from desks import Desks

from bridge.domain.signal import SignalKind
from bridge.ledger.desk import revoke_key
from bridge.ledger.statements import statement

TRANSFER = f"transfers/{the_transfer()}"
WAITING = (
    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
)

NOW_AND_THEN = {statement(name).partition("\n")[0] for name in ("load_presences", "desk_key")}
"""What is asked again after a moment, however often somebody accepts."""


async def offered(desk: Desks) -> None:
    """A call that is offered to the crisis line."""
    await desk.lane.reads(a_record(an_event("INV-1", "e-1"), 0))


@pytest.fixture
def round_trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first words of whatever this process sends to PostgreSQL."""
    sent: list[str] = []
    for name in ("fetch", "fetchrow", "fetchval", "execute"):
        real: Callable[..., Awaitable[Any]] = getattr(asyncpg.Connection, name)

        async def noted(self: Any, query: str, *args: Any, _real: Any = real, **more: Any) -> Any:
            sent.append(query.partition("\n")[0])
            return await _real(self, query, *args, **more)

        monkeypatch.setattr(asyncpg.Connection, name, noted)
    return sent


async def test_an_accept_asks_the_ledger_five_times(desk: Desks, round_trips: list[str]) -> None:
    await offered(desk)
    await desk.post(
        "crisis-line", f"{TRANSFER}/answered"
    )  # from now on the key and the destinations are known
    round_trips.clear()
    said = await desk.post("crisis-line", f"{TRANSFER}/voice-contact")
    assert said.json["transfer"]["state"] == "connected"
    each_time = [what for what in round_trips if what not in NOW_AND_THEN]
    assert len(each_time) == 5, each_time


async def test_what_changed_while_the_lock_was_waited_for_is_known(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    """911 takes the call back in the very moment in which the hotline says that it has the caller."""
    await offered(desk)
    key = f"{TRANSFER}/voice-contact"
    async with sql.transaction():
        await sql.execute("select from incident for update")
        recalls = asyncio.create_task(
            desk.lane.hears_in_turn(a_signal(SignalKind.RECALLED, "INV-1", by="911"))
        )
        async with asyncio.timeout(5):
            while await sql.fetchval(WAITING) < 1:  # noqa: ASYNC110 - another process' state has no event
                await asyncio.sleep(0.01)
            accepts = asyncio.create_task(desk.post("crisis-line", key))
            while await sql.fetchval(WAITING) < 2:  # noqa: ASYNC110 - likewise
                await asyncio.sleep(0.01)
    await recalls
    said = await accepts
    assert (said.status, said.json["state"], said.json["holder"]) == (409, "recalled", "911")
    what = await sql.fetch("select what from audit where signal_id like 'desk:%'")
    assert [row["what"].partition(".")[0] for row in what] == ["refused"]


async def test_one_that_was_answered_while_its_repetition_waited_is_answered_the_same(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    await offered(desk)
    said = await asyncio.gather(
        *(desk.post("crisis-line", f"{TRANSFER}/voice-contact", key="k") for _ in range(20))
    )
    assert {each.status for each in said} <= {200, 409}
    assert len({each.body for each in said if each.status == 200}) == 1
    assert await sql.fetchval("select count(*) from audit where what = 'signal.voice_contact'") == 1
    assert await sql.fetchval("select count(*) from inbox where topic = 'desk'") == 1


async def test_a_key_that_opened_a_moment_ago_and_was_revoked_does_nothing(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    await offered(desk)
    assert (await desk.post("crisis-line", f"{TRANSFER}/answered", key="known")).status == 200
    assert await revoke_key(desk.lane.ledger, "crisis-1")
    for key in ("known", "other"):
        said = await desk.post("crisis-line", f"{TRANSFER}/voice-contact", key=key)
        assert (said.status, said.json["type"]) == (401, "/v1/problems/key-missing")
        assert said.headers["WWW-Authenticate"] == "Bearer"
    assert await sql.fetchval("select count(*) from audit where what = 'signal.voice_contact'") == 0


async def test_what_was_heard_before_and_whose_answer_is_forgotten_is_not_done_twice(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    await offered(desk)
    first = await desk.post("crisis-line", f"{TRANSFER}/alerting", key="k")
    await sql.execute("delete from desk_answer")
    again = await desk.post("crisis-line", f"{TRANSFER}/alerting", key="k")
    assert (first.json["outcome"], again.json["outcome"]) == ("applied", "duplicate")
    assert await sql.fetchval("select count(*) from audit where what = 'signal.alerting'") == 1
