"""Calls that began at a hotline go on: to another one, to a team, to 911, with what is learnt later."""

from dataclasses import replace

import pytest
from building import AGENCY, CANARIES, CRISIS_LINE, a_record, an_event, the_transfer
from hands import a_lane
from line_988 import LINE_988, Line988, a_call, broken, city, news
from reading import offers, returns, the_holder, transfers

from bridge.domain.cad import Note
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind

S = SignalKind


@pytest.fixture
async def line(database):
    async with a_lane(database, given=city()) as hands:
        yield Line988(hands)


async def test_another_hotline_can_take_it_and_the_call_is_never_between(line, sql):
    await line.opens()
    await line.says(S.HANDED_ON, transfer=the_transfer("988-1"), prefers=CRISIS_LINE, reason="language")
    assert await the_holder(sql) == LINE_988
    await line.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=the_transfer("988-1", 2))
    assert await the_holder(sql) == CRISIS_LINE
    assert not await broken(sql)


async def test_a_danger_that_the_hotline_hears_later_calls_the_offer_back(line, sql):
    await line.says(S.REFERRED, call=a_call())
    await line.says(S.CALL_OPENED, call=a_call(weapon=True))
    assert (await transfers(sql))[1][1:] == (CRISIS_LINE, "recalled", LINE_988)
    assert (await news(sql))[-1].state == "recalled"
    assert await the_holder(sql) == LINE_988
    assert not await broken(sql)


async def test_a_team_that_is_asked_hears_what_the_hotline_learns(line, sql):
    await line.says(S.REFERRED, call=a_call())
    more = replace(a_call(), notes=(Note("HE IS COLD"),))
    await line.says(S.CALL_OPENED, call=more)
    told = [each for each in await offers(sql) if each.destination == CRISIS_LINE]
    assert [each.kind for each in told] == [OfferKind.OFFER, OfferKind.UPDATE]
    assert "HE IS COLD" in {note.text for note in told[-1].facts.notes}


async def test_a_danger_in_a_call_of_911_is_told_to_911_and_to_the_hotline_that_has_it(line, sql):
    await line.lane.reads(a_record(an_event(), 0))
    await line.says(S.VOICE_CONTACT, "INV-1", by=CRISIS_LINE, transfer=the_transfer())
    await line.says(S.REFERRED, "INV-1", by=CRISIS_LINE, call=a_call("INV-1", weapon=True))
    assert (await returns(sql))[-1].kind is ReturnKind.DANGER
    assert (await news(sql, CRISIS_LINE))[-1].state == "ineligible"
    assert not await broken(sql)


async def test_a_call_that_comes_to_911_brings_its_place_and_number(line, sql):
    await line.opens()
    await line.says(S.RETURN_ASKED, transfer=the_transfer("988-1"), reason="medical")
    told = next(each for each in await returns(sql) if each.kind is ReturnKind.RETURN_ASKED)
    assert (told.facts.callback, told.facts.location.text) == (CANARIES[1], CANARIES[3])
    assert told.facts.notes == ()


async def test_988_is_told_the_place_only_as_exactly_as_the_citys_agreement_says(database, sql):
    given = city()
    (policy,) = given.policies[AGENCY]
    to_988 = tuple(replace(clause, route=(LINE_988,)) for clause in policy.scope)
    given = replace(given, policies={AGENCY: (replace(policy, scope=to_988),)})
    async with a_lane(database, given=given) as hands:
        await hands.reads(a_record(an_event(), 0))
    (offer,) = await offers(sql)
    assert (offer.destination, offer.facts.callback) == (LINE_988, "")
    assert CANARIES[3] not in repr(offer.facts)
