"""What people say over HTTP is heard like a signal of Kafka, once, by those who may say it."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from building import CANARIES, a_record, a_signal, an_event, the_transfer
from desks import Desks, a_desk
from hands import Lane

from bridge.desk.door import Bounds
from bridge.desk.limits import Limits, Rate
from bridge.domain.signal import SignalKind
from bridge.errors import LedgerLostError
from bridge.ledger.desk import revoke_key

IN_FLIGHT = """
    select count(*) from pg_locks join pg_database d on d.oid = database
    where locktype = 'advisory' and granted and d.datname = current_database()
"""

TRANSFER = f"transfers/{the_transfer()}"


async def offered(desk: Desks, incident: str = "INV-1", offset: int = 0) -> str:
    """A call that is offered to the crisis line; answers the transfer's address."""
    await desk.lane.reads(a_record(an_event(incident, f"e-{incident}"), offset))
    return f"transfers/{the_transfer(incident)}"


async def test_a_hotline_takes_a_call_and_closes_it_over_http(desk: Desks) -> None:
    await offered(desk)
    for verb in ("alerting", "queued", "answered", "voice-contact"):
        said = await desk.post("crisis-line", f"{TRANSFER}/{verb}")
        assert said.status == 200, said.body
    assert said.json["holder"] == "crisis-line"
    assert said.json["transfer"]["state"] == "connected"
    assert said.headers["ETag"].strip('"') == said.json["transfer"]["version"]
    released = await desk.post("911", f"{TRANSFER}/release", {"by": "call-taker-7"})
    assert released.json["transfer"]["state"] == "held"
    closed = await desk.post("crisis-line", f"{TRANSFER}/close", {"outcome": "resolved_by_phone"})
    assert closed.json["transfer"]["state"] == "closed"
    lines = (await desk.get("911", f"{TRANSFER}/time-line")).json["lines"]
    assert [line["to_state"] for line in lines if line["what"] == "signal.closed"] == ["closed"]


async def test_kafka_and_http_have_the_same_effect_and_the_audit_tells_them_apart(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    await offered(desk, "INV-1", 0)
    await offered(desk, "INV-2", 1)
    await desk.lane.hears_in_turn(a_signal(SignalKind.ALERTING, "INV-1"))
    await desk.post("crisis-line", f"transfers/{the_transfer('INV-2')}/alerting")
    rows = await sql.fetch(
        "select what, from_state, to_state, speaker, reason, holder, signal_id from audit"
        " where what = 'signal.alerting' order by incident_key"
    )
    kafka, http = (dict(row) for row in rows)
    assert (kafka.pop("signal_id").startswith("desk:"), http.pop("signal_id").startswith("desk:")) == (
        False,
        True,
    )
    assert kafka == http


async def test_the_same_key_with_the_same_body_gets_the_same_answer_and_is_done_once(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    await offered(desk)
    first = await desk.post("crisis-line", f"{TRANSFER}/alerting", key="k-1")
    await desk.post("crisis-line", f"{TRANSFER}/answered")
    again = await desk.post("crisis-line", f"{TRANSFER}/alerting", key='"k-1"')
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert await sql.fetchval("select count(*) from audit where what = 'signal.alerting'") == 1
    other = await desk.post("crisis-line", f"{TRANSFER}/alerting", {"text": "x"}, key="k-1")
    assert (other.status, other.json["type"]) == (422, "/v1/problems/idempotency-key-reused")


async def test_a_refusal_is_repeated_as_it_was(desk: Desks) -> None:
    await offered(desk)
    refused = await desk.post("crisis-line", f"{TRANSFER}/claim", key="c")
    assert refused.status == 409
    assert (refused.json["reason"], refused.json["state"], refused.json["holder"]) == (
        "caller_is_on_the_line",
        "offered",
        "911",
    )
    assert (await desk.post("crisis-line", f"{TRANSFER}/claim", key="c")).body == refused.body


async def test_a_request_that_is_in_flight_is_not_begun_twice(desk: Desks, sql: asyncpg.Connection) -> None:
    await offered(desk)
    async with sql.transaction():
        await sql.execute("select from incident for update")
        first = asyncio.create_task(desk.post("crisis-line", f"{TRANSFER}/alerting", key="k"))
        while not await sql.fetchval(IN_FLIGHT):  # noqa: ASYNC110 - another process' state has no event
            await asyncio.sleep(0.01)
        second = await desk.post("crisis-line", f"{TRANSFER}/alerting", key="k")
    assert (second.status, second.json["type"]) == (409, "/v1/problems/in-flight")
    assert (await first).status == 200


@pytest.mark.parametrize("committed", [False, True])
async def test_a_ledger_that_breaks_off_leaves_one_deed_and_one_answer(
    desk: Desks, sql: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """The connection is lost before the COMMIT, or after it and before anybody knew."""
    from contextlib import asynccontextmanager

    from bridge.ledger.ledger import Ledger

    await offered(desk)
    whole, broken = Ledger.turn, []

    @asynccontextmanager
    async def breaks_once(self):  # type: ignore[no-untyped-def]
        if broken:
            async with whole(self) as tx:
                yield tx
            return
        broken.append(True)
        async with whole(self) as tx:
            yield tx
            if not committed:
                raise LedgerLostError("broken off")
        raise LedgerLostError("broken off")

    monkeypatch.setattr(Ledger, "turn", breaks_once)
    said = await desk.post("crisis-line", f"{TRANSFER}/alerting", key="k")
    assert said.status == 200
    assert broken
    assert await sql.fetchval("select count(*) from audit where what = 'signal.alerting'") == 1
    assert await sql.fetchval("select count(*) from desk_answer") == 1
    assert (await desk.post("crisis-line", f"{TRANSFER}/alerting", key="k")).body == said.body


async def test_what_is_another_s_is_answered_like_what_is_not_there(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    await offered(desk)
    nobody_s = f"transfers/{'0' * 32}"
    for verb, body in (("alerting", {}), ("voice-contact", {}), ("close", {"outcome": "other"})):
        foreign = await desk.post("city-311", f"{TRANSFER}/{verb}", body)
        unknown = await desk.post("city-311", f"{nobody_s}/{verb}", body)
        assert (foreign.status, foreign.body) == (404, unknown.body)
    for look in ("", "/time-line"):
        foreign = await desk.get("city-311", f"{TRANSFER}{look}")
        assert (foreign.status, foreign.body) == (404, (await desk.get("city-311", f"{nobody_s}{look}")).body)
    other = await desk.key("elsewhere", agency="police.elsewhere.example")
    assert (await desk.post(other, f"{TRANSFER}/recall")).status == 404
    assert (await desk.post(other, "incidents/INV-1/propose", {"destination": "crisis-line"})).status == 404
    assert await sql.fetchval("select count(*) from audit where what like 'refused%'") == 0
    assert await sql.fetchval("select count(*) from desk_answer") == 0


async def test_a_verb_of_the_other_side_is_refused(desk: Desks) -> None:
    await offered(desk)
    assert (await desk.post("911", f"{TRANSFER}/voice-contact")).status == 403
    assert (await desk.post("crisis-line", f"{TRANSFER}/release")).status == 403


async def test_an_update_of_what_has_changed_is_refused(desk: Desks) -> None:
    await offered(desk)
    seen = await desk.get("crisis-line", TRANSFER)
    tag = seen.headers["ETag"]
    assert (await desk.post("crisis-line", f"{TRANSFER}/alerting", If_Match=tag)).status == 200
    late = await desk.post("crisis-line", f"{TRANSFER}/decline", {"reason": "full"}, If_Match=tag)
    assert (late.status, late.json["type"]) == (412, "/v1/problems/changed")


async def test_an_agreement_to_call_back_is_a_change_too(desk: Desks) -> None:
    await offered(desk)
    tag = (await desk.get("911", TRANSFER)).headers["ETag"]
    agreed = await desk.post("911", f"{TRANSFER}/hung-up", {"callback_agreed": True})
    assert agreed.json["transfer"]["state"] == "offered"
    assert (await desk.post("crisis-line", f"{TRANSFER}/claim", If_Match=tag)).status == 412
    assert (await desk.post("crisis-line", f"{TRANSFER}/claim", If_Match="*")).status == 200


async def test_a_key_is_changed_without_a_gap_and_a_revoked_one_opens_nothing(desk: Desks) -> None:
    await offered(desk)
    second = await desk.key("crisis-2", destination="crisis-line", days=30)
    for key in ("crisis-line", second):
        assert (await desk.get(key, TRANSFER)).status == 200
    with pytest.raises(AssertionError):
        await desk.key("crisis-3", destination="crisis-line")
    first = await desk.post("crisis-line", f"{TRANSFER}/alerting", key="over")
    assert await revoke_key(desk.lane.ledger, "crisis-1")
    assert (await desk.get("crisis-line", TRANSFER)).status == 401
    again = await desk.post(second, f"{TRANSFER}/alerting", key="over")
    assert again.body == first.body, "answers belong to the side, not to its key"
    assert (await desk.get("no-key", TRANSFER)).status == 401


async def test_a_key_that_has_run_out_opens_nothing(desk: Desks, sql: asyncpg.Connection) -> None:
    await sql.execute(
        "update desk_key set valid_until = $1 where name = 'crisis-1'",
        datetime.now(UTC) - timedelta(seconds=1),
    )
    assert (await desk.get("crisis-line", "offers")).status == 401


async def test_a_long_body_is_refused_before_it_is_read(desk: Desks) -> None:
    await offered(desk)
    said = await desk.post("crisis-line", f"{TRANSFER}/alerting", {"text": "x" * 70_000})
    assert (said.status, said.json["type"]) == (413, "/v1/problems/too-large")


async def test_no_error_repeats_what_was_sent(desk: Desks) -> None:
    await offered(desk)
    bodies = (
        {"reason": CANARIES[0]},
        {CANARIES[0]: 1},
        {"learnt": {CANARIES[0]: CANARIES[1]}},
        {"text": {"x": CANARIES[3]}},
        {"at": CANARIES[3]},
    )
    for body in bodies:
        said = await desk.post("crisis-line", f"{TRANSFER}/return", body)
        assert said.status == 422, said.body
        assert not any(word.encode() in said.body for word in CANARIES), said.body
        assert said.headers["Content-Type"] == "application/problem+json"


async def test_accepts_are_never_starved_by_anything_else(lane: Lane) -> None:
    slow = Limits(ordinary=Rate(0.001, 3), urgent=Rate(1000, 1000))
    async with a_desk(lane, limits=slow) as desk:
        await offered(desk)
        statuses = [(await desk.get("crisis-line", TRANSFER)).status for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert (await desk.post("crisis-line", "self/heartbeat")).status == 429
        assert (await desk.post("crisis-line", f"{TRANSFER}/voice-contact")).status == 200
        assert (await desk.get("911", TRANSFER)).status == 200


async def test_an_accept_goes_through_while_ordinary_requests_hang_on_a_call(
    desk: Desks, sql: asyncpg.Connection
) -> None:
    stuck, free = await offered(desk, "INV-1", 0), await offered(desk, "INV-2", 1)
    async with sql.transaction():
        await sql.execute("select from incident where incident_key like '%/INV-1' for update")
        hanging = [asyncio.create_task(desk.post("city-311", "self/heartbeat"))]
        hanging += [asyncio.create_task(desk.post("crisis-line", f"{stuck}/alerting")) for _ in range(30)]
        while not await sql.fetchval(IN_FLIGHT):  # noqa: ASYNC110 - another process' state has no event
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        accepted = await asyncio.wait_for(desk.post("crisis-line", f"{free}/voice-contact"), 2)
        assert (accepted.status, accepted.json["holder"]) == (200, "crisis-line")
        assert not any(task.done() for task in hanging[1:])
    assert {said.status for said in await asyncio.gather(*hanging)} == {200}


async def test_a_body_that_never_ends_is_let_go(lane: Lane) -> None:
    async with a_desk(lane, bounds=Bounds(read_seconds=0.2)) as desk:
        host, _, port = desk.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /v1/calls HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {desk.keys['crisis-line']}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{{".encode())
        assert b" 400 " in await asyncio.wait_for(reader.readline(), 5)
        writer.close()


async def test_a_hotline_opens_a_call_and_asks_for_help(desk: Desks) -> None:
    own = {"agency": "police.town.example", "number": "4711"}
    call = {"place": {"text": CANARIES[3]}, "callback": CANARIES[1]}
    opened = await desk.post("crisis-line", "calls", own | {"call": call})
    assert (opened.status, opened.json["holder"]) == (200, "crisis-line"), opened.body
    asked = await desk.post("crisis-line", "rescues", own | {"attempt_in_progress": "YES"})
    rescue = next(each for each in asked.json["changed"] if each["kind"] == "rescue")
    assert (await desk.post("911", f"rescues/{rescue['id']}/taken")).json["changed"][0]["state"] == "taken"
    assert (await desk.get("crisis-line", f"rescues/{rescue['id']}")).json["state"] == "taken"
    assert (await desk.get("city-311", f"rescues/{rescue['id']}")).status == 404
    nowhere = await desk.post("crisis-line", "calls", {"agency": "nowhere.example", "number": "1"})
    assert nowhere.status == 422


async def test_a_message_is_acknowledged(desk: Desks, sql: asyncpg.Connection) -> None:
    await offered(desk)
    offer = (await desk.get("crisis-line", "offers")).json["messages"][0]
    path = f"offers/{offer['message_id']}/acknowledge"
    assert (await desk.post("crisis-line", path, {"read": True})).status == 200
    assert (await desk.post("city-311", path, {"read": True})).status == 404
    assert (
        await sql.fetchval("select speaker from audit where what = 'message.read'")
        == "destination:crisis-line"
    )
