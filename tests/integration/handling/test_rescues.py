"""A hotline asks 911 for help, on a real ledger: told at once, never refused, never forgotten."""

import asyncio
from dataclasses import replace

import pytest
from building import CANARIES, CRISIS_LINE, a_record, an_event, the_transfer
from hands import a_lane
from line_988 import HELP, LINE_988, Line988, a_call, broken, city, news
from reading import inbox, messages, offers, returns, statuses, the_holder, transfers

from bridge.domain.cad import Answer
from bridge.domain.message import OfferKind, Return, ReturnKind
from bridge.domain.own_call import PART_2_NOTICE, RESCUE_BASIS
from bridge.domain.rescue import Consent
from bridge.domain.signal import SignalKind
from bridge.handling.end_waits import end_waits

S = SignalKind


@pytest.fixture
async def line(database):
    async with a_lane(database, given=city()) as hands:
        yield Line988(hands)


async def rescue(sql):
    return await sql.fetchrow("select * from rescue")


async def test_help_is_the_first_thing_that_911_hears_and_the_hotline_holds_until_it_is_taken(line, sql):
    await line.asks_for_help()
    first = (await messages(sql))[0]
    assert isinstance(first, Return)
    assert (first.kind, first.state, first.holder) == (ReturnKind.HELP, "requested", LINE_988)
    assert first.rescue == HELP
    assert (await transfers(sql))[0][2:] == ("returning", LINE_988)
    await line.hears_from_911(S.HELP_TAKEN)
    assert (await transfers(sql))[0][2:] == ("returned", "911")
    assert (await the_holder(sql), (await rescue(sql))["state"]) == ("911", "taken")
    assert not await broken(sql)


async def test_911_is_told_where_the_person_is_and_nothing_that_a_rescue_does_not_need(line, sql):
    await line.says(S.HELP_REQUESTED, call=a_call(), rescue=HELP, text="Her life story")
    told = next(each for each in await returns(sql) if each.kind is ReturnKind.HELP)
    assert (told.facts.callback, told.facts.location.text) == (CANARIES[1], CANARIES[3])
    assert (told.facts.notes, told.facts.caller.name, told.facts.answers) == ((), "", ())
    assert "Her life story" not in repr(await returns(sql))


async def test_it_is_never_screened_out(line, sql):
    await line.says(S.HELP_REQUESTED, call=a_call(weapon=True, call_type="none of the policy"), rescue=HELP)
    assert (await returns(sql))[0].kind is ReturnKind.HELP
    assert not await broken(sql)


async def test_a_bare_cry_for_help_is_enough(line, sql):
    await line.says(S.HELP_REQUESTED)
    told = (await returns(sql))[0]
    assert (told.kind, told.rescue.consent, told.rescue.basis) == (
        ReturnKind.HELP,
        Consent.UNKNOWN,
        RESCUE_BASIS,
    )
    assert not await broken(sql)


async def test_the_lawful_ground_travels_and_the_notice_where_part_2_records_are_in_it(line, sql):
    await line.says(S.HELP_REQUESTED, rescue=replace(HELP, part_2=True, basis=""))
    await line.says(S.HELP_REQUESTED, "988-2", rescue=HELP)
    protected, other = [each for each in await returns(sql) if each.kind is ReturnKind.HELP]
    assert (protected.notice, protected.rescue.basis) == (PART_2_NOTICE, RESCUE_BASIS)
    assert "42 CFR Part 2" in PART_2_NOTICE
    assert other.notice == ""


async def test_the_hotline_hears_each_thing_that_911_does(line, sql):
    await line.asks_for_help()
    for kind in (S.HELP_TAKEN, S.HELP_SENT, S.CONTACT_CONFIRMED):
        await line.hears_from_911(kind)
    about = (await rescue(sql))["rescue_id"]
    became = [told.state for told in await news(sql) if told.subject == about]
    assert became == ["requested", "taken", "help_sent", "contact_confirmed"]
    assert not await broken(sql)


@pytest.mark.parametrize("outcome", [S.CONTACT_CONFIRMED, S.NOT_FOUND])
async def test_it_is_closed_only_when_the_hotline_was_told(line, sql, outcome):
    await line.asks_for_help()
    await line.hears_from_911(S.HELP_SENT)
    await line.says(S.HOTLINE_TOLD)
    assert (await rescue(sql))["state"] == "help_sent"
    await line.hears_from_911(outcome)
    assert (await rescue(sql))["ended_at"] is None
    await line.says(S.HOTLINE_TOLD)
    assert (await rescue(sql))["state"] == "closed"
    assert not await broken(sql)


async def test_sending_help_takes_the_call_as_well(line, sql):
    await line.asks_for_help()
    await line.hears_from_911(S.HELP_SENT)
    assert await the_holder(sql) == "911"
    assert (await rescue(sql))["taken_at"] is not None


async def test_silence_of_911_alarms_again_and_again(database, sql):
    async with a_lane(database, given=city(scale=0.001)) as hands:
        line = Line988(hands)
        await line.asks_for_help()
        async with asyncio.timeout(20):
            while len(await alarms(sql)) < 3:
                await end_waits(hands.handling)
    assert (await rescue(sql))["state"] == "requested"
    assert await the_holder(sql) == LINE_988
    assert {(told.subject, told.state) for told in await alarms(sql)} == {
        ((await rescue(sql))["rescue_id"], "requested")
    }


async def alarms(sql):
    return [
        told
        for told in await returns(sql)
        if told.kind is ReturnKind.ALARM and told.reason.startswith("rescue")
    ]


async def test_a_hotline_that_does_not_say_that_it_knows_is_told_again(database, sql):
    async with a_lane(database, given=city(scale=0.0001)) as hands:
        line = Line988(hands)
        await line.asks_for_help()
        await line.hears_from_911(S.NOT_FOUND)
        async with asyncio.timeout(20):
            while [told.state for told in await news(sql)].count("not_found") < 2:
                await end_waits(hands.handling)
    assert (await rescue(sql))["state"] == "not_found"


async def test_help_for_a_call_that_911_gave_the_hotline_brings_it_back(line, sql):
    await line.lane.reads(a_record(an_event(), 0))
    await line.says(S.VOICE_CONTACT, "INV-1", by=CRISIS_LINE, transfer=the_transfer())
    await line.says(S.HELP_REQUESTED, "INV-1", by=CRISIS_LINE, rescue=HELP)
    assert (await transfers(sql))[0][2:] == ("returning", CRISIS_LINE)
    await line.hears_from_911(S.HELP_TAKEN, "INV-1")
    assert (await transfers(sql))[0][2:] == ("returned", "911")
    assert [told.state for told in await news(sql, CRISIS_LINE)] == ["requested", "taken"]
    assert not await broken(sql)


async def test_a_hotline_that_has_nothing_to_do_with_a_call_is_heard_and_answered(line, sql):
    await line.lane.reads(a_record(an_event(), 0))
    await line.says(S.HELP_REQUESTED, "INV-1", rescue=HELP)
    told = (await returns(sql))[-1]
    assert (told.kind, told.holder, told.transfer_id) == (ReturnKind.HELP, "911", None)
    assert not told.facts.callback, "what 911 knows is not told as the hotline's"
    await line.hears_from_911(S.HELP_TAKEN, "INV-1")
    assert [each.state for each in await news(sql)] == ["requested", "taken"]
    assert not await broken(sql)


async def test_asked_twice_it_is_one_rescue_and_911_hears_both(line, sql):
    await line.asks_for_help()
    await line.asks_for_help(reason="worse")
    assert await sql.fetchval("select count(*) from rescue") == 1
    assert [told.kind for told in await returns(sql)].count(ReturnKind.HELP) == 2
    await line.hears_from_911(S.HELP_TAKEN)
    await line.hears_from_911(S.NOT_FOUND)
    await line.asks_for_help()
    assert await sql.fetchval("select count(*) from rescue") == 2
    assert not await broken(sql)


async def test_a_rescue_that_is_taken_back_is_told_to_911(line, sql):
    await line.asks_for_help()
    await line.says(S.HELP_CANCELLED)
    told = (await returns(sql))[-1]
    assert (told.kind, told.state) == (ReturnKind.HELP, "cancelled")
    assert not await broken(sql)


async def test_911_speaks_for_itself_and_the_hotline_for_itself(line, sql):
    await line.asks_for_help()
    await line.says(S.HELP_TAKEN)
    await line.says(S.HOTLINE_TOLD, by="911")
    await line.says(S.HELP_CANCELLED, by=CRISIS_LINE)
    assert (await rescue(sql))["state"] == "requested"
    refused = await sql.fetch("select what from audit where what like 'refused%'")
    assert [row["what"] for row in refused] == ["refused.not_yours_to_say"] * 3
    assert await the_holder(sql) == LINE_988


async def test_an_answer_to_a_rescue_that_nobody_asked_for_is_kept_as_unknown(line, sql):
    await line.opens()
    await line.hears_from_911(S.HELP_TAKEN)
    assert (await inbox(sql, "hotline.signals"))[-1][1] == "unknown_transfer"


async def test_nothing_of_it_is_told_to_everybody(line, sql):
    await line.says(
        S.HELP_REQUESTED,
        call=a_call(),
        rescue=replace(HELP, place=CANARIES[0], attempt_in_progress=Answer.YES),
        reason="She told 2145550100",
    )
    everybody = repr(await statuses(sql))
    assert not [word for word in (*CANARIES, HELP.counsellor_line) if word in everybody]
    assert {offer.kind for offer in await offers(sql)} == {OfferKind.NEWS}


async def test_what_happens_to_rescues_is_counted(line):
    await line.asks_for_help()
    await line.hears_from_911(S.HELP_TAKEN)
    shown = line.lane.handling.metrics.exposition().decode()
    assert 'bridge_rescues_total{signal="requested"} 1.0' in shown
    assert 'bridge_rescues_total{signal="taken"} 1.0' in shown
    assert "bridge_rescue_taken_seconds_count 1.0" in shown
