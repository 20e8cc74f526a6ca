"""Feeds over HTTP: everything that was sent to somebody, in order, and nothing of anybody else's."""

import asyncio
import json

import asyncpg
from building import CANARIES, a_record, an_event, the_transfer
from desks import Desks

from bridge.desk.feeds import written
from bridge.ledger.desk import Cursor


async def test_a_hotline_lists_its_offers_and_goes_on_after_the_cursor(desk: Desks) -> None:
    await desk.lane.reads(a_record(an_event("INV-1", "e1"), 0))
    first = (await desk.get("crisis-line", "offers")).json
    assert [message["kind"] for message in first["messages"]] == ["OFFER"]
    assert first["messages"][0]["facts"]["callback"] == CANARIES[1]
    assert (await desk.get("city-311", "offers")).json["messages"] == []
    await desk.lane.reads(a_record(an_event("INV-2", "e2"), 1))
    more = (await desk.get("crisis-line", "offers", after=first["cursor"])).json
    assert [message["incident_id"] for message in more["messages"]] == ["INV-2"]
    assert (await desk.get("crisis-line", "offers", after=more["cursor"])).json["messages"] == []


async def test_a_long_poll_is_answered_when_something_comes_and_holds_no_connection(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    cursor = (await desk.get("crisis-line", "offers")).json["cursor"]
    polls = [
        asyncio.create_task(desk.get("crisis-line", "offers", after=cursor, wait="20")) for _ in range(6)
    ]
    await asyncio.sleep(0)
    assert (await desk.get("911", "news")).status == 200, "six wait, on four connections, and others go on"
    await desk.lane.reads(a_record(an_event("INV-1", "e1"), 0))
    for said in await asyncio.wait_for(asyncio.gather(*polls), 10):
        assert [message["incident_id"] for message in said.json["messages"]] == ["INV-1"]


async def test_a_message_that_commits_late_is_not_passed_over(desk: Desks, sql: asyncpg.Connection) -> None:
    """Its transaction began first; what began after it is not shown before it."""
    await desk.lane.reads(a_record(an_event("INV-0", "e0"), 0))
    cursor = (await desk.get("crisis-line", "offers")).json["cursor"]
    async with sql.transaction():
        await sql.execute("select pg_current_xact_id()")
        await desk.lane.reads(a_record(an_event("INV-1", "e1"), 1))
        assert (await desk.get("crisis-line", "offers", after=cursor)).json["messages"] == []
    assert len((await desk.get("crisis-line", "offers", after=cursor)).json["messages"]) == 1


async def test_what_another_database_of_the_server_does_holds_nothing_up(
    desk: Desks, database: str, sql: asyncpg.Connection
) -> None:
    """Whose transaction it is, is told to every role, also to one that may do nothing."""
    elsewhere = await asyncpg.connect(database, database="postgres")
    try:
        async with elsewhere.transaction():
            long = await elsewhere.fetchval("select pg_current_xact_id()::text::bigint")
            await desk.lane.reads(a_record(an_event("INV-1", "e1"), 0))
            assert len((await desk.get("crisis-line", "offers")).json["messages"]) == 1
            await sql.execute("create role nobody_much; set role nobody_much")
            assert await sql.fetchval("select settled_before()::text::bigint") > long
            await sql.execute("reset role; drop role nobody_much")
    finally:
        await elsewhere.close()


async def test_a_cursor_of_another_ledger_is_told_so(desk: Desks) -> None:
    for after in ("nonsense", written(Cursor(str(1 << 60), 1, "00"))):
        said = await desk.get("crisis-line", "offers", after=after)
        assert (said.status, said.json["type"]) == (410, "/v1/problems/cursor-gone")


async def test_911_hears_what_became_of_its_calls(desk: Desks) -> None:
    await desk.lane.reads(a_record(an_event("INV-1", "e1"), 0))
    await desk.post("crisis-line", f"transfers/{the_transfer()}/voice-contact")
    news = (await desk.get("911", "news")).json["messages"]
    assert [message["kind"] for message in news] == ["OFFERED", "HELD"]
    elsewhere = await desk.key("elsewhere", agency="police.elsewhere.example")
    assert (await desk.get(elsewhere, "news")).json["messages"] == []


async def test_statuses_stream_and_go_on_after_the_last_id(desk: Desks) -> None:
    url, key = f"{desk.url}/v1/status/stream", {"Authorization": f"Bearer {desk.keys['crisis-line']}"}

    async def read(many: int, **headers: str) -> list[tuple[str, dict[str, object]]]:
        events: list[tuple[str, dict[str, object]]] = []
        async with desk.session.get(url, headers=key | headers) as response:
            assert response.headers["Content-Type"].startswith("text/event-stream")
            last = ""
            async for line in response.content:
                text = line.decode().strip()
                if text == ": here" and not headers and not events:
                    await desk.lane.reads(a_record(an_event("INV-1", "e1"), 0))
                last = text[4:] if text.startswith("id: ") else last
                if text.startswith("data: "):
                    events.append((last, json.loads(text[6:])))
                if len(events) == many:
                    break
        return events

    first = await asyncio.wait_for(read(1), 10)
    assert first[0][1]["state"] == "offered"
    await desk.post("crisis-line", f"transfers/{the_transfer()}/alerting")
    then = await asyncio.wait_for(read(1, **{"Last-Event-ID": first[0][0]}), 10)
    assert then[0][1]["state"] == "alerting"
    assert not any(word in json.dumps([first, then]) for word in CANARIES)
