"""One caller between 911 and hotlines, on a real ledger: the third pass goes to a supervisor, not on."""

from dataclasses import replace

import pytest
from building import CANARIES, CRISIS_LINE, a_record, an_event, the_transfer
from hands import a_lane
from line_988 import HELP, SUPERVISOR, Line988, a_call, broken, city
from reading import offers, returns, the_holder, transfers

from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind

S = SignalKind


@pytest.fixture
async def line(database):
    async with a_lane(database, given=city()) as hands:
        yield Line988(hands)


async def to_and_fro(line, incident="INV-1", offset=0):
    """911 hands a caller over, and the hotline gives them back: two passes."""
    await line.lane.reads(a_record(an_event(incident, f"e-{incident}"), offset))
    for kind, by in ((S.VOICE_CONTACT, CRISIS_LINE), (S.RETURN_ASKED, CRISIS_LINE), (S.RETURN_TAKEN, "911")):
        await line.says(kind, incident, by=by, transfer=the_transfer(incident))


async def supervised(sql):
    return [told for told in await returns(sql) if told.kind is ReturnKind.SUPERVISOR]


async def test_the_third_time_a_supervisor_is_told_and_nobody_is_asked(line, sql):
    await to_and_fro(line)
    assert not await supervised(sql)
    await line.lane.reads(a_record(an_event("INV-2", "e2"), 1))
    (told,) = await supervised(sql)
    assert (told.incident_id, told.state, told.text) == ("INV-2", "not_passed", SUPERVISOR)
    assert [row[2] for row in await transfers(sql)] == ["returned"]
    await line.lane.reads(a_record(an_event("INV-2", "e3", note="HE CALLS AGAIN"), 2))
    assert len(await supervised(sql)) == 1, "told once a call"
    assert not await broken(sql)


async def test_a_caller_is_known_by_a_keyed_hash_alone_however_the_number_is_written(line, sql):
    await to_and_fro(line)
    call = replace(an_event("INV-2", "e2"), callback="+1 (214) 555-0100")
    await line.lane.reads(a_record(call, 1))
    assert len(await supervised(sql)) == 1
    rows = await sql.fetch("select caller_hash, from_holder, to_holder from passing order by at")
    assert [(row["from_holder"], row["to_holder"]) for row in rows] == [
        ("911", CRISIS_LINE),
        (CRISIS_LINE, "911"),
    ]
    assert CANARIES[1].encode() not in b"".join(row["caller_hash"] for row in rows)
    assert {len(row["caller_hash"]) for row in rows} == {32}


async def test_another_caller_is_not_kept_for_it(line, sql):
    await to_and_fro(line)
    await line.lane.reads(a_record(replace(an_event("INV-2", "e2"), callback="2145550199"), 1))
    assert (await offers(sql))[-1].kind is OfferKind.OFFER


async def test_a_day_later_it_is_forgotten(line, sql):
    await to_and_fro(line)
    await sql.execute("update passing set at = at - interval '24 hours'")
    await line.lane.reads(a_record(an_event("INV-2", "e2"), 1))
    assert not await supervised(sql)
    await line.says(S.VOICE_CONTACT, "INV-2", by=CRISIS_LINE, transfer=the_transfer("INV-2"))
    assert await sql.fetchval("select count(*) from passing") == 1


async def test_practice_is_no_pass(line, sql):
    await line.lane.reads(a_record(an_event(practice=True), 0))
    await line.says(S.VOICE_CONTACT, "INV-1", by=CRISIS_LINE, transfer=the_transfer())
    assert not await sql.fetchval("select count(*) from passing")


async def test_between_hotline_and_team_nobody_is_passed_to_911(line, sql):
    await line.says(S.REFERRED, call=a_call())
    await line.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=the_transfer("988-1", 2))
    assert not await sql.fetchval("select count(*) from passing")


async def test_imminent_risk_is_never_refused_and_the_supervisor_hears_of_the_pass(line, sql):
    await to_and_fro(line)
    await line.asks_for_help("988-1")
    await line.hears_from_911(S.HELP_TAKEN, "988-1")
    assert await the_holder(sql) == "911"
    (told,) = await supervised(sql)
    assert (told.incident_id, told.state) == ("988-1", "passed")
    await line.says(S.HELP_REQUESTED, "988-2", call=a_call("988-2"), rescue=HELP)
    await line.hears_from_911(S.HELP_TAKEN, "988-2")
    assert await sql.fetchval("select count(*) from passing") == 4
    assert [told.kind for told in await returns(sql)].count(ReturnKind.HELP) == 2
    assert not await broken(sql)


async def test_what_a_call_taker_does_goes_on(line, sql):
    await to_and_fro(line)
    await line.lane.reads(a_record(an_event("INV-2", "e2"), 1))
    await line.says(S.PROPOSED, "INV-2", by="911", prefers=CRISIS_LINE)
    await line.says(S.VOICE_CONTACT, "INV-2", by=CRISIS_LINE, transfer=the_transfer("INV-2"))
    assert [told.state for told in await supervised(sql)] == ["not_passed", "passed"]
    assert not await broken(sql)


async def test_a_caller_who_rings_the_hotline_was_not_passed_to_it(line, sql):
    await to_and_fro(line)
    await line.says(S.CALL_OPENED, "988-1", call=a_call("988-1"))
    assert not await supervised(sql)
