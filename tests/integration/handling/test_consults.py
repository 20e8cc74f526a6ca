"""Consults on a real ledger: somebody advises, 911 keeps the call, and no wait is without an end."""

from dataclasses import replace

import pytest
from building import CITY_311, CRISIS_LINE, a_heard_signal, a_record, a_signal, an_event
from destinations_say import FULL, says
from hands import a_lane
from line_988 import broken
from reading import inbox, offers, returns, transfers

from bridge.domain.cad import EventKind
from bridge.domain.ids import DestinationId
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind
from bridge.handling.end_waits import end_waits

S = SignalKind


@pytest.fixture
async def lane(database):
    async with a_lane(database) as hands:
        await hands.reads(a_record(an_event(weapon=True), 0))
        yield hands


async def says_of_it(lane, sql, kind, by=CRISIS_LINE, offset=1):
    name = await sql.fetchval("select consult_id from consult")
    await lane.hears(
        a_heard_signal(replace(a_signal(kind, by=by, name=f"{kind}-{offset}"), subject=name), offset)
    )


async def asks(lane, prefers=CRISIS_LINE, by="911", offset=0):
    await lane.hears(
        a_heard_signal(a_signal(S.CONSULT_ASKED, by=by, prefers=prefers, name=f"a{offset}"), offset)
    )


async def states(sql):
    return [row["state"] for row in await sql.fetch("select state from consult order by asked_at")]


async def told_911(sql):
    return [(each.state, each.reason) for each in await returns(sql) if each.kind is ReturnKind.CONSULT]


async def said_of(sql):
    return [row["what"] for row in await sql.fetch("select what from audit order by number")][1:]


async def test_911_asks_a_clinician_who_joins_and_the_call_stays_with_911(lane, sql):
    await asks(lane)
    (asked,) = await offers(sql)
    assert (asked.kind, asked.destination, asked.state) == (OfferKind.CONSULT, CRISIS_LINE, "asked")
    assert asked.facts.callback
    assert asked.deadline is not None
    await says_of_it(lane, sql, S.CONSULT_JOINED)
    await says_of_it(lane, sql, S.CONSULT_ENDED, by="911", offset=2)
    assert await states(sql) == ["ended"]
    assert [state for state, _ in await told_911(sql)] == ["asked", "joined", "ended"]
    assert await said_of(sql) == ["consult.asked", "consult.joined", "consult.ended"]
    assert await transfers(sql) == []
    assert {row["holder"] for row in await sql.fetch("select holder from audit")} == {"911"}
    assert not await broken(sql)


async def test_whoever_was_asked_learns_that_911_has_ended_it(lane, sql):
    await asks(lane)
    await says_of_it(lane, sql, S.CONSULT_ENDED, by="911")
    assert [(each.kind, each.state) for each in await offers(sql)][1:] == [(OfferKind.NEWS, "ended")]


async def test_it_is_told_no_more_than_its_privacy_allows(database, sql):
    async with a_lane(database) as lane:
        given = lane.handling.rules()
        line = given.destinations[CRISIS_LINE]
        line = replace(line, privacy=replace(line.privacy, fields=frozenset({"narrative"})))
        told = replace(given, destinations={CRISIS_LINE: line})
        lane = replace(lane, handling=replace(lane.handling, rules=lambda: told))
        await lane.reads(a_record(an_event(weapon=True), 0))
        await asks(lane)
    (asked,) = await offers(sql)
    assert (asked.facts.callback, asked.facts.caller.name) == ("", "")


async def test_later_facts_go_to_whoever_advises(lane, sql):
    await asks(lane)
    await says_of_it(lane, sql, S.CONSULT_JOINED)
    await lane.reads(
        a_record(an_event(event="e2", weapon=True, kind=EventKind.CHANGED, note="He sits down."), 1)
    )
    update = (await offers(sql))[-1]
    assert (update.kind, update.subject != "", update.facts is not None) == (OfferKind.UPDATE, True, True)


async def test_nobody_hears_of_the_call_after_it_has_ended(lane, sql):
    await asks(lane)
    await says_of_it(lane, sql, S.CONSULT_UNAVAILABLE)
    sent = len(await offers(sql))
    await lane.reads(a_record(an_event(event="e2", weapon=True, kind=EventKind.CHANGED), 1))
    assert len(await offers(sql)) == sent


async def test_one_that_nobody_answers_is_unavailable_and_911_is_told(lane, sql):
    await asks(lane)
    await sql.execute("update consult set deadline = clock_timestamp()")
    assert await end_waits(lane.handling) == 1
    assert await states(sql) == ["unavailable"]
    assert (await told_911(sql))[-1] == ("unavailable", "deadline")
    assert await end_waits(lane.handling) == 0
    assert not await broken(sql)


async def test_one_that_cannot_be_asked_is_unavailable_at_once_with_the_reason(lane, sql):
    await says(lane, FULL)
    await asks(lane)
    assert await states(sql) == ["unavailable"]
    assert await told_911(sql) == [("unavailable", f"destination.full.{CRISIS_LINE}")]
    assert await offers(sql) == []


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"by": CRISIS_LINE}, "not_yours_to_say"),
        ({"prefers": ""}, "destination_missing"),
        ({"prefers": DestinationId("nobody")}, "destination_unknown"),
    ],
)
async def test_what_cannot_be_asked_is_refused(lane, sql, given, refused):
    await asks(lane, **given)
    assert await states(sql) == []
    assert await said_of(sql) == [f"refused.{refused}"]


async def test_the_same_destination_is_asked_once_at_a_time(lane, sql):
    await asks(lane)
    await asks(lane, offset=1)
    assert (await said_of(sql))[-1] == "refused.another_is_asked"
    await asks(lane, CITY_311, offset=2)
    assert await states(sql) == ["asked", "asked"]


async def test_another_destination_has_no_say_in_it(lane, sql):
    await asks(lane)
    await says_of_it(lane, sql, S.CONSULT_JOINED, by=CITY_311)
    assert await states(sql) == ["asked"]
    assert (await said_of(sql))[-1] == "refused.not_yours_to_say"


async def test_an_end_stays_an_end(lane, sql):
    await asks(lane)
    await says_of_it(lane, sql, S.CONSULT_ENDED)
    await says_of_it(lane, sql, S.CONSULT_JOINED, offset=2)
    assert (await states(sql), (await said_of(sql))[-1]) == (["ended"], "refused.ended")


async def test_a_call_that_a_hotline_has_is_not_911s_to_consult_about(database, sql):
    async with a_lane(database) as lane:
        await lane.reads(a_record(an_event(), 0))
        await lane.hears_in_turn(a_signal(S.VOICE_CONTACT))
        await asks(lane, CITY_311, offset=5)
    assert (await said_of(sql))[-1] == "refused.not_with_911"


async def test_one_of_a_consult_that_nobody_knows_is_kept_as_unknown(lane, sql):
    await lane.hears(a_heard_signal(replace(a_signal(S.CONSULT_JOINED), subject="no-such"), 0))
    assert await inbox(sql, "hotline.signals") == [(0, "unknown_transfer")]
