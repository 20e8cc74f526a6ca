"""A hotline's and 911's whole work by HTTP: a real desk, and a worker beside it that reads CAD and sends."""

import asyncio
import hashlib
import re
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer

from bridge.domain.message import ReturnKind
from bridge.settings import connection
from bridge.wire import returns
from tests.a_desk import ADesk, a_desk, an_offer, bridge, new_key, say, until
from tests.faults.calls import AGENCY, QUESTIONS, created
from tests.faults.ground import HOTLINE, Ground, new_ground
from tests.faults.lanes import Lane, running

if TYPE_CHECKING:
    from bridge.sandbox.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWN = {
    "agency": AGENCY,
    "call": {
        "call_type": "PH",
        "callback": "+15550142",
        "on_the_line": "YES",
        "answers": dict.fromkeys(QUESTIONS, "NO"),
    },
}
"""A call that began at the crisis line, of a type that the city's 311 may take."""


@pytest.fixture(scope="module")
def ground(world: "World", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = new_ground(world, tmp_path_factory.mktemp("desk"))
    yield made
    made.remove()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lane(ground: Ground) -> AsyncIterator[Lane]:
    async with running(ground, "a") as [made]:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(ground: Ground, lane: Lane) -> AsyncIterator[ADesk]:
    async with a_desk(ground) as made:
        made.keys |= {
            "911": new_key(ground, "agency", AGENCY),
            "crisis-line": new_key(ground, "destination", HOTLINE),
            "city-311": new_key(ground, "destination", "city-311"),
        }
        yield made


async def hears(desk: ADesk, who: str, feed: str, **about: str) -> Any:
    """The first message of somebody's feed that says this."""
    async with asyncio.timeout(15):
        after: dict[str, str] = {}
        while True:
            page = (await desk.get(who, feed, wait="5", **after)).json
            for message in page["messages"]:
                if all(message[name] == said for name, said in about.items()):
                    return message
            after = {"after": page["cursor"]}


async def shows(lane: Lane, line: str) -> None:
    """The worker shows it."""
    async with asyncio.timeout(15):
        while not re.search(line, await asyncio.to_thread(lane.exposition), re.MULTILINE):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def held(ground: Ground, desk: ADesk, incident: str) -> str:
    """A call that the crisis line has."""
    transfer = await an_offer(ground, created(incident))
    assert (await desk.post("crisis-line", f"{transfer}/voice-contact")).status == 200
    assert (await desk.post("911", f"{transfer}/release")).status == 200
    return transfer


async def test_who_says_that_they_are_full_is_not_asked_until_they_are_back(
    ground: Ground, desk: ADesk, lane: Lane
) -> None:
    said = await desk.post("crisis-line", "self/state", {"queue": "full", "stated_wait": 240})
    assert said.status == 200
    try:
        await shows(lane, r'^bridge_destination_able\{destination="crisis-line"\} 0\.0')
        wait = await until(ground, "select stated_wait from presence where destination = 'crisis-line'")
        assert wait == 240
        await say(ground, created("WORK-FULL"))
        told = await hears(desk, "911", "news", kind="NOBODY_FREE", incident_id="WORK-FULL")
        assert told["holder"] == "911"
    finally:
        await desk.post("crisis-line", "self/state", {"queue": "active"})
    offer = await hears(desk, "crisis-line", "offers", kind="OFFER", incident_id="WORK-FULL")
    assert offer["transfer_id"]


async def test_a_heartbeat_is_heard(desk: ADesk, lane: Lane) -> None:
    assert (await desk.post("city-311", "self/heartbeat")).status == 200
    await shows(lane, r'^bridge_destination_heard\w*\{destination="city-311"\} [1-9]')


async def test_a_counsellor_joins_a_consult_and_911_keeps_the_call(ground: Ground, desk: ADesk) -> None:
    await an_offer(ground, created("WORK-CONSULT"))
    asked = await desk.post("911", "incidents/WORK-CONSULT/consult", {"destination": "crisis-line"})
    assert asked.status == 200, asked.json
    message = await hears(desk, "crisis-line", "offers", kind="CONSULT", incident_id="WORK-CONSULT")
    joined = await desk.post("crisis-line", f"consults/{message['subject']}/join")
    assert (joined.status, joined.json["holder"]) == (200, "911")
    assert (await desk.get("911", f"consults/{message['subject']}")).json["state"] == "joined"
    assert (await desk.post("911", f"consults/{message['subject']}/end")).status == 200
    assert (await desk.get("crisis-line", f"consults/{message['subject']}")).json["state"] == "ended"


@pytest.mark.parametrize(
    ("verb", "body"),
    [("legs", {"kind": "ems", "why": "caution", "reason": "medical"}), ("backup", {"reason": "danger"})],
)
async def test_somebody_else_is_asked_for_while_the_hotline_keeps_the_caller(
    ground: Ground, desk: ADesk, verb: str, body: dict[str, str]
) -> None:
    transfer = await held(ground, desk, f"WORK-{verb}")
    asked = await desk.post("crisis-line", f"{transfer}/{verb}", body)
    assert (asked.status, asked.json["holder"]) == (200, "crisis-line"), asked.json
    (leg,) = asked.json["changed"]
    told = await hears(desk, "911", "news", kind="LEG", incident_id=f"WORK-{verb}")
    assert (told["subject"], told["holder"]) == (leg["id"], "crisis-line")
    assert (await desk.post("911", f"legs/{leg['id']}/assigned", {"unit_id": "M12"})).status == 200
    assert (await desk.get("crisis-line", f"legs/{leg['id']}")).json["state"] == "assigned"


async def test_police_who_need_not_hurry_move_nobody(ground: Ground, desk: ADesk) -> None:
    transfer = await held(ground, desk, "WORK-FOLLOW")
    asked = await desk.post("crisis-line", f"{transfer}/police-follow-up", {"reason": "report"})
    assert (asked.status, asked.json["holder"], asked.json["changed"]) == (200, "crisis-line", [])
    told = await hears(desk, "911", "news", kind="FOLLOW_UP", incident_id="WORK-FOLLOW")
    assert (told["reason"], told["holder"]) == ("report", "crisis-line")


async def test_a_call_goes_back_to_where_it_belongs_with_what_was_learnt(ground: Ground, desk: ADesk) -> None:
    transfer = await held(ground, desk, "WORK-BACK")
    learnt = {"medical": "HURT AT THE LEFT ARM"}
    back = await desk.post(
        "crisis-line", f"{transfer}/return", {"reason": "medical", "return_to": "ems", "learnt": learnt}
    )
    assert (back.status, back.json["holder"]) == (200, "crisis-line"), "until 911 has taken it"
    told = await hears(desk, "911", "news", kind="RETURN_ASKED", incident_id="WORK-BACK")
    assert (told["return_to"], told["learnt"]) == ("ems", learnt)
    taken = await desk.post("911", f"{transfer}/take-back")
    assert (taken.status, taken.json["holder"]) == (200, "911")


async def test_a_hotlines_own_call_is_referred_and_it_learns_who_has_it(desk: ADesk) -> None:
    opened = await desk.post("crisis-line", "calls", {**OWN, "number": "own-1"})
    assert (opened.status, opened.json["holder"]) == (200, "crisis-line"), opened.json
    referred = await desk.post(
        "crisis-line", "referred", {"agency": AGENCY, "number": "own-1", "reason": "visit_needed"}
    )
    assert (referred.status, referred.json["holder"]) == (200, "crisis-line"), referred.json
    offer = await hears(desk, "city-311", "offers", kind="OFFER", incident_id="crisis-line:own-1")
    assert (await desk.post("city-311", f"transfers/{offer['transfer_id']}/voice-contact")).status == 200
    news = await hears(desk, "crisis-line", "offers", kind="NEWS", subject=offer["transfer_id"])
    assert news["incident_id"] == "crisis-line:own-1"
    incident = (await desk.get("911", "incidents/crisis-line:own-1")).json
    assert incident["holder"] == "city-311"


async def test_911_is_asked_for_help_and_the_hotline_follows_it_to_its_end(desk: ADesk) -> None:
    asked = await desk.post(
        "crisis-line", "rescues", {**OWN, "number": "own-2", "attempt_in_progress": "YES", "place": "BRIDGE"}
    )
    assert asked.status == 200, asked.json
    (rescue,) = [each for each in asked.json["changed"] if each["kind"] == "rescue"]
    told = await hears(desk, "911", "news", kind="HELP", subject=rescue["id"])
    assert told["rescue"]["place"] == "BRIDGE"
    for verb, state in (
        ("taken", "taken"),
        ("sent", "help_sent"),
        ("contact-confirmed", "contact_confirmed"),
    ):
        assert (await desk.post("911", f"rescues/{rescue['id']}/{verb}")).status == 200
        await hears(desk, "crisis-line", "offers", kind="NEWS", subject=rescue["id"], state=state)
        assert (await desk.get("crisis-line", f"rescues/{rescue['id']}")).json["state"] == state
    assert (await desk.post("crisis-line", f"rescues/{rescue['id']}/told")).status == 200
    assert (await desk.get("911", f"rescues/{rescue['id']}")).json["state"] == "closed"


async def test_911_learns_of_a_call_to_which_a_hotlines_own_team_goes(desk: ADesk) -> None:
    said = await desk.post("crisis-line", "awareness", {**OWN, "number": "own-3"})
    assert said.status == 200, said.json
    assert await hears(desk, "911", "news", kind="AWARENESS", incident_id="crisis-line:own-3")


async def test_what_became_of_a_call_is_news_to_911(ground: Ground, desk: ADesk) -> None:
    transfer = await held(ground, desk, "WORK-CLOSED")
    closed = await desk.post("crisis-line", f"{transfer}/close", {"outcome": "resolved_by_phone"})
    assert closed.status == 200
    told = await hears(desk, "911", "news", kind="OUTCOME", incident_id="WORK-CLOSED")
    assert (told["outcome"], told["destination"]) == ("resolved_by_phone", "crisis-line")


async def test_an_accept_by_http_is_on_kafka_within_a_workers_look(ground: Ground, desk: ADesk) -> None:
    """A desk sends nothing: a worker looks every `worker.sweep_milliseconds`. The second is the machine's."""
    transfer = await an_offer(ground, created("WORK-SOON"))
    reader = AIOKafkaConsumer(
        ground.topics.returns, **connection(ground.settings.kafka), auto_offset_reset="latest"
    )
    await reader.start()
    try:
        await reader.seek_to_end()
        began = time.monotonic()
        assert (await desk.post("crisis-line", f"{transfer}/voice-contact")).status == 200
        async with asyncio.timeout(10):
            async for record in reader:
                told = returns.decode(ground.frames, record.value)
                if told.kind is ReturnKind.HELD and told.incident_id == "WORK-SOON":
                    break
        took = time.monotonic() - began
    finally:
        await reader.stop()
    sweep = ground.settings.worker.sweep_milliseconds / 1000
    assert took < sweep + 1.0


async def test_keys_are_changed_without_a_gap_and_only_their_hash_is_kept(
    ground: Ground, desk: ADesk
) -> None:
    first, second = (new_key(ground, "destination", "mediation", f"m-{n}") for n in (1, 2))
    for key in (first, second):
        assert len(key) >= 43, "256 bits"
        assert (await desk.get(key, "offers")).status == 200
    third = bridge(ground, "desk", "key", "add", "m-3", "--destination", "mediation")
    assert third.returncode != 0
    assert "two valid keys" in third.stderr
    assert bridge(ground, "desk", "key", "revoke", "m-1").stdout == "revoked m-1\n"
    assert (await desk.get(first, "offers")).status == 401
    assert (await desk.get(second, "offers")).status == 200
    listed = bridge(ground, "desk", "key", "list").stdout
    assert re.search(r"^m-1 .*destination mediation .*not valid +revoked", listed, re.MULTILINE)
    assert re.search(r"^m-2 .*destination mediation .* valid ", listed, re.MULTILINE)
    sql = await ground.ledger()
    try:
        rows = await sql.fetch("select key_hash, desk_key::text as whole from desk_key")
    finally:
        await sql.close()
    assert hashlib.sha256(second.encode()).digest() in {row["key_hash"] for row in rows}
    for key in (first, second, *desk.keys.values()):
        assert not any(key in row["whole"] for row in rows)
        assert key not in listed + desk.log.read_text()


async def test_a_key_is_for_a_destination_there_is_and_for_one_side(ground: Ground) -> None:
    for wrong in ((), ("--destination", "nobody"), ("--destination", "mediation", "--agency", AGENCY)):
        refused = await asyncio.to_thread(bridge, ground, "desk", "key", "add", "wrong", *wrong)
        assert refused.returncode != 0
        assert refused.stdout == ""
    unknown = await asyncio.to_thread(bridge, ground, "desk", "key", "revoke", "wrong")
    assert unknown.returncode != 0
