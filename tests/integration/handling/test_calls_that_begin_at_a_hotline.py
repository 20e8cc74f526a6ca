"""Calls that begin at a hotline, on a real ledger: who holds them, what 911 learns, how a city answers."""

from dataclasses import replace

import pytest
from building import AGENCY, CANARIES, CITY_311, CRISIS_LINE, a_record, an_event, the_transfer
from hands import a_lane
from line_988 import LINE_988, Line988, a_call, broken, city, news
from reading import inbox, messages, offers, returns, statuses, the_holder, transfers

from bridge.domain.cad import Channel
from bridge.domain.decision import Verdict
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind
from bridge.ledger.summary import summarise

S = SignalKind


@pytest.fixture
async def line(database):
    async with a_lane(database, given=city()) as hands:
        yield Line988(hands)


async def test_the_hotline_holds_its_own_call_from_the_first_instant(line, sql):
    await line.opens()
    assert await transfers(sql) == [(the_transfer("988-1"), LINE_988, "held", LINE_988)]
    assert await the_holder(sql) == LINE_988
    assert await sql.fetchval("select opened_by from incident") == LINE_988
    assert not await broken(sql)


async def test_911_is_told_of_it_no_more_than_its_field_list_allows(line, sql):
    await line.opens()
    (told,) = await returns(sql)
    assert (told.kind, told.holder, told.destination) == (ReturnKind.CALL_OPENED, LINE_988, LINE_988)
    assert (told.facts.channel, told.facts.call_type.code) == (Channel.NINE_EIGHT_EIGHT, "46")
    assert (told.facts.callback, told.facts.location, told.facts.notes) == ("", None, ())
    assert not told.facts.caller.name


async def test_the_hotline_learns_under_which_transfer_it_has_the_call(line, sql):
    await line.opens()
    (told,) = await news(sql)
    assert (told.subject, told.state) == (the_transfer("988-1"), "held")


async def test_its_call_is_decided_upon_and_nobody_is_asked(line, sql):
    await line.opens()
    rows = await sql.fetch("select verdict, topic, channel, screening from decision")
    assert [tuple(row) for row in rows] == [("offer", "hotline.signals", "NINE_EIGHT_EIGHT", 1)]
    assert {offer.kind for offer in await offers(sql)} == {OfferKind.NEWS}


async def test_it_closes_its_call_and_911_hears_the_outcome(line, sql):
    await line.opens()
    await line.says(S.CLOSED, transfer=the_transfer("988-1"), outcome="resolved_by_phone")
    last = (await returns(sql))[-1]
    assert (last.kind, last.outcome) == (ReturnKind.OUTCOME, "resolved_by_phone")
    assert not await broken(sql)


async def test_it_gives_its_call_to_911_and_holds_it_until_911_has_taken_it(line, sql):
    await line.opens()
    await line.says(S.RETURN_ASKED, transfer=the_transfer("988-1"), reason="medical")
    assert await the_holder(sql) == LINE_988
    await line.says(S.RETURN_TAKEN, by="911", transfer=the_transfer("988-1"))
    assert await the_holder(sql) == "911"
    assert not await broken(sql)


async def test_a_team_of_its_own_that_goes_is_only_told(line, sql):
    await line.says(S.AWARENESS, call=a_call(), text="Our own team is going")
    (told,) = await returns(sql)
    assert (told.kind, told.text, told.holder) == (ReturnKind.AWARENESS, "Our own team is going", LINE_988)
    assert {offer.kind for offer in await offers(sql)} == {OfferKind.NEWS}
    assert not await broken(sql)


async def test_a_call_of_911_is_not_opened_again_by_a_hotline(line, sql):
    await line.lane.reads(a_record(an_event(), 0))
    await line.says(S.CALL_OPENED, "INV-1", call=a_call("INV-1"))
    assert await sql.fetchval("select version from incident") == 1
    assert (
        await sql.fetchval("select what from audit order by number desc limit 1") == "refused.not_your_call"
    )
    assert not await broken(sql)


async def test_nobody_but_a_hotline_opens_a_call(line, sql):
    await line.says(S.CALL_OPENED, by="911", call=a_call())
    assert await inbox(sql, "hotline.signals") == [(1, "unknown_transfer")]
    assert not await sql.fetchval("select count(*) from incident")


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("why", ["capacity", "visit_needed"])
async def test_an_eligible_one_is_offered_and_the_hotline_holds_until_the_team_has_it(line, sql, opened, why):
    if opened:
        await line.opens()
    await line.says(S.REFERRED, call=replace(a_call(), event_id="more"), reason=why)
    team = the_transfer("988-1", 2)
    assert (await transfers(sql))[1] == (team, CRISIS_LINE, "offered", LINE_988)
    assert await the_holder(sql) == LINE_988
    await line.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=team)
    assert await the_holder(sql) == CRISIS_LINE
    await line.says(S.CLOSED, by=CRISIS_LINE, transfer=team, outcome="transported_voluntary")
    became = [told.state for told in await news(sql) if told.subject == team]
    assert became == ["offered", "connected", "closed"]
    assert not await broken(sql)


async def test_a_team_that_says_no_leads_to_the_next_and_the_hotline_still_holds(line, sql):
    await line.says(S.REFERRED, call=a_call())
    await line.says(S.DECLINED, by=CRISIS_LINE, transfer=the_transfer("988-1", 2), reason="full")
    assert [row[1:] for row in await transfers(sql)] == [
        (LINE_988, "held", LINE_988),
        (CRISIS_LINE, "declined", LINE_988),
        (CITY_311, "offered", LINE_988),
    ]
    assert not await broken(sql)


async def test_an_ineligible_one_is_answered_with_every_reason(line, sql):
    await line.says(S.REFERRED, call=a_call(weapon=True))
    told = (await news(sql))[-1]
    assert told.state == "ineligible"
    assert "weapon" in {reason.clause for reason in told.reasons if reason.disqualifies}
    assert await the_holder(sql) == LINE_988
    assert not await broken(sql)


async def test_one_that_a_person_must_look_at_is_proposed_to_the_call_taker(line, sql):
    await line.says(S.REFERRED, call=a_call(call_type="31"))
    assert (await transfers(sql))[1][1:] == (CRISIS_LINE, "proposed", LINE_988)
    asked = (await returns(sql))[-1]
    assert (asked.kind, asked.verdict) == (ReturnKind.RECOMMENDATION, Verdict.RECOMMEND)
    assert (await news(sql))[-1].state == "proposed"
    await line.says(S.CONFIRMED, by="911", transfer=the_transfer("988-1", 2))
    assert (await transfers(sql))[1][2] == "offered"
    assert not await broken(sql)


async def test_a_call_taker_who_rejects_it_leaves_it_with_the_hotline_which_is_told(line, sql):
    await line.says(S.REFERRED, call=a_call(call_type="31"))
    await line.says(S.REJECTED, by="911", transfer=the_transfer("988-1", 2), reason="not_suitable")
    assert await the_holder(sql) == LINE_988
    assert (await news(sql))[-1].state == "recalled"
    assert not await broken(sql)


async def test_a_call_that_911_gave_a_hotline_can_be_referred_by_it_too(line, sql):
    await line.lane.reads(a_record(an_event(), 0))
    await line.says(S.VOICE_CONTACT, "INV-1", by=CRISIS_LINE, transfer=the_transfer())
    call = replace(a_call("INV-1"), practice=True)
    await line.says(S.REFERRED, "INV-1", by=CRISIS_LINE, call=call, reason="visit_needed")
    assert [row[1:] for row in await transfers(sql)] == [
        (CRISIS_LINE, "connected", CRISIS_LINE),
        (CITY_311, "offered", CRISIS_LINE),
    ]
    assert not await sql.fetchval("select practice from incident"), "a hotline makes no practice of a call"
    assert not await broken(sql)


async def test_a_team_that_gives_a_hotlines_call_back_gives_it_to_911(line, sql):
    await line.says(S.REFERRED, call=a_call())
    team = the_transfer("988-1", 2)
    await line.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=team)
    await line.says(S.RETURN_ASKED, by=CRISIS_LINE, transfer=team, reason="medical")
    await line.says(S.RETURN_TAKEN, by="911", transfer=team)
    assert await the_holder(sql) == "911"
    assert not await broken(sql)


async def test_nobodys_words_are_told_to_everybody(line, sql):
    await line.opens()
    await line.says(S.REFERRED, call=a_call(weapon=True))
    everybody = repr(await statuses(sql))
    assert not [word for word in CANARIES if word in everybody]


async def test_another_lane_hears_it_once(database, line, sql):
    await line.opens()
    before = len(await messages(sql))
    async with a_lane(database, "b", given=city()) as other:
        await Line988(other).opens()
    assert len(await messages(sql)) == before
    assert await sql.fetchval("select count(*) from transfer") == 1


async def test_the_call_taker_sees_which_number_was_dialled(line, sql):
    call = replace(an_event(), channel=Channel.DIRECT_LINE, channel_code="555-0142")
    await line.lane.reads(a_record(call, 0))
    told = (await returns(sql))[-1]
    assert told.kind is ReturnKind.OFFERED
    assert (told.channel, told.channel_code) == (Channel.DIRECT_LINE, "555-0142")


async def test_a_way_in_that_is_only_recorded_is_decided_and_goes_nowhere(database, sql):
    given = city()
    (policy,) = given.policies[AGENCY]
    recorded = replace(policy, recorded=frozenset({Channel.ON_VIEW}))
    async with a_lane(database, given=replace(given, policies={AGENCY: (recorded,)})) as hands:
        await hands.reads(a_record(replace(an_event(), channel=Channel.ON_VIEW), 0))
    assert tuple(await sql.fetchrow("select verdict, clauses, channel from decision")) == (
        "keep",
        ["channel.recorded"],
        "ON_VIEW",
    )
    assert not await transfers(sql)


async def test_what_officers_refer_is_counted_by_type_and_first_decision(line, sql):
    officers = Channel.OFFICER
    await line.lane.reads(
        a_record(replace(an_event("INV-1", "e1"), channel=officers), 0),
        a_record(replace(an_event("INV-2", "e2", weapon=True), channel=officers), 1),
        a_record(replace(an_event("INV-1", "e3", weapon=True), channel=officers), 2),
        a_record(replace(an_event("INV-3", "e4", practice=True), channel=officers), 3),
        a_record(replace(an_event("INV-4", "e5"), channel=Channel.WEB_FORM), 4),
    )
    shown = line.lane.handling.metrics.exposition().decode()
    assert 'bridge_officer_referrals_total{type="46",verdict="offer"} 1.0' in shown
    assert 'bridge_officer_referrals_total{type="46",verdict="keep"} 1.0' in shown
    assert 'bridge_decisions_by_channel_total{channel="WEB_FORM",verdict="offer"} 1.0' in shown
    rows = await sql.fetch("select channel, referred_type from decision order by record_offset")
    assert [tuple(row) for row in rows][-2:] == [("OFFICER", "46"), ("WEB_FORM", None)]


async def test_a_signal_of_no_known_line_opens_a_call_that_911_hears_of(line, sql):
    await line.says(S.CALL_OPENED, by="a line nobody described", call=a_call())
    (told,) = await returns(sql)
    assert (told.kind, told.holder) == (ReturnKind.CALL_OPENED, "unlisted")
    assert not await broken(sql)


async def test_the_summary_counts_each_way_in_apart(line, sql):
    await line.lane.reads(
        a_record(replace(an_event("INV-1", "e1"), channel=Channel.OFFICER), 0),
        a_record(replace(an_event("INV-2", "e2"), channel=Channel.DIRECT_LINE), 1),
        a_record(replace(an_event("INV-2", "e3"), channel=Channel.DIRECT_LINE), 2),
    )
    await line.asks_for_help()
    await line.hears_from_911(S.HELP_TAKEN)
    summary = await summarise(line.lane.ledger)
    assert summary.counts["ways in"] == {
        "OFFICER offer": 1,
        "DIRECT_LINE offer": 1,
        "NINE_EIGHT_EIGHT offer": 1,
    }
    assert summary.counts["officers refer"] == {"46 offer": 1}
    assert summary.counts["begun at"] == {LINE_988: 1}
    assert summary.counts["rescues"] == {"taken": 1}
    assert summary.intervals_ms["rescue taken"].count == 1
