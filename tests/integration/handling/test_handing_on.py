"""A call goes from one destination to another on a real ledger: somebody holds it at every instant."""

from dataclasses import replace

import pytest
from building import (
    AGENCY,
    CITY_311,
    CRISIS_LINE,
    a_destination,
    a_policy,
    a_record,
    a_signal,
    an_event,
    rules,
    the_transfer,
)
from hands import a_lane
from reading import offers, returns, the_holder, transfers
from test_signals_on_a_ledger import until_a_wait_ended

from bridge.domain.decision import TransferKind
from bridge.domain.ids import DestinationId
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind
from bridge.handling.context import Rules

S = SignalKind
TEAM = DestinationId("city-team")


def with_a_team(scale: float = 1.0) -> Rules:
    """The crisis line is the policy's only destination; a team stands beside it."""
    town = rules(scale=scale)
    return replace(
        town,
        policies={AGENCY: (a_policy(route=(CRISIS_LINE,)),)},
        destinations={**town.destinations, TEAM: a_destination(TEAM)},
    )


@pytest.fixture
async def lane(database):
    async with a_lane(database, given=with_a_team()) as hands:
        yield hands


async def the_line_has_a_call(lane, on_the_line=True):
    await lane.reads(a_record(an_event(on_the_line=on_the_line), 0))
    await lane.hears_in_turn(a_signal(S.VOICE_CONTACT), a_signal(S.RELEASED, by="911"))


def handed_on(to=TEAM, **said):
    return a_signal(S.HANDED_ON, prefers=to, reason="team_needed", **said)


async def test_whoever_hands_a_call_on_holds_it_until_the_other_talks(lane, sql):
    await the_line_has_a_call(lane)
    await lane.hears_in_turn(handed_on(), first=2)
    assert await the_holder(sql) == CRISIS_LINE
    assert [row[1:] for row in await transfers(sql)] == [
        (CRISIS_LINE, "held", CRISIS_LINE),
        (TEAM, "offered", CRISIS_LINE),
    ]
    await lane.hears_in_turn(a_signal(S.VOICE_CONTACT, attempt=2, by=TEAM), first=3)
    assert await the_holder(sql) == TEAM
    assert [row[1:3] for row in await transfers(sql)] == [(CRISIS_LINE, "closed"), (TEAM, "connected")]
    assert await sql.fetchval("select outcome from transfer where attempt = 1") == "handed_on"
    assert await sql.fetchval("select holder from incident") == TEAM


async def test_who_hands_on_hears_what_becomes_of_it(lane, sql):
    await the_line_has_a_call(lane)
    await lane.hears_in_turn(handed_on(), a_signal(S.DECLINED, attempt=2, by=TEAM, reason="no_team"), first=2)
    news = [each for each in await offers(sql) if each.kind is OfferKind.NEWS]
    assert [(each.destination, each.subject, each.state) for each in news] == [
        (CRISIS_LINE, the_transfer(attempt=2), "declined")
    ]
    assert await the_holder(sql) == CRISIS_LINE
    assert len(await transfers(sql)) == 2, "the policy's route is not asked behind their back"


async def test_a_third_has_it_after_a_second(lane, sql):
    await the_line_has_a_call(lane, on_the_line=False)
    await lane.hears_in_turn(
        handed_on(),
        a_signal(S.CLAIMED, attempt=2, by=TEAM),
        a_signal(S.HANDED_ON, attempt=2, by=TEAM, prefers=CITY_311, name="on"),
        a_signal(S.CLAIMED, attempt=3, by=CITY_311),
        a_signal(S.CLOSED, attempt=3, by=CITY_311),
        first=2,
    )
    assert [row[1:] for row in await transfers(sql)] == [
        (CRISIS_LINE, "closed", CRISIS_LINE),
        (TEAM, "closed", TEAM),
        (CITY_311, "closed", CITY_311),
    ]
    holders = [row["holder"] for row in await sql.fetch("select holder from audit order by number")]
    assert list(dict.fromkeys(holders)) == ["911", CRISIS_LINE, TEAM, CITY_311]


async def test_one_that_gives_the_call_back_takes_back_what_it_asked(lane, sql):
    await the_line_has_a_call(lane)
    await lane.hears_in_turn(
        handed_on(), a_signal(S.RETURN_ASKED, reason="danger"), a_signal(S.RETURN_TAKEN, by="911"), first=2
    )
    assert [row[1:] for row in await transfers(sql)] == [
        (CRISIS_LINE, "returned", "911"),
        (TEAM, "recalled", CRISIS_LINE),
    ]
    assert await the_holder(sql) == await sql.fetchval("select holder from incident") == "911"


async def test_a_team_that_never_answers_leaves_the_call_where_it_is(database, sql):
    async with a_lane(database, given=with_a_team(scale=0.01)) as lane:
        await the_line_has_a_call(lane)
        await lane.hears_in_turn(handed_on(), first=2)
        while (await transfers(sql))[1][2] != "expired":
            await until_a_wait_ended(lane)
    assert await the_holder(sql) == CRISIS_LINE


@pytest.mark.parametrize(
    ("signal", "reason"),
    [
        (handed_on(to="nobody"), "destination_unknown"),
        (handed_on(to=CRISIS_LINE), "has_it_already"),
        (handed_on(to=""), "destination_missing"),
    ],
)
async def test_a_call_goes_to_somebody_else_who_exists(lane, sql, signal, reason):
    await the_line_has_a_call(lane)
    await lane.hears_in_turn(signal, first=2)
    assert await sql.fetchval("select what from audit order by number desc limit 1") == f"refused.{reason}"
    assert len(await transfers(sql)) == 1


async def test_one_is_asked_at_a_time(lane, sql):
    await the_line_has_a_call(lane)
    await lane.hears_in_turn(handed_on(), handed_on(to=CITY_311, name="again"), first=2)
    assert (
        await sql.fetchval("select what from audit order by number desc limit 1")
        == "refused.another_is_asked"
    )


async def test_who_has_no_call_hands_none_on(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(handed_on())
    assert await sql.fetchval("select what from audit order by number desc limit 1") == (
        "refused.not_in_this_state"
    )


async def test_a_late_fact_goes_to_the_one_that_has_the_call_and_to_the_one_that_is_asked(lane, sql):
    await the_line_has_a_call(lane)
    await lane.hears_in_turn(handed_on(), first=2)
    await lane.reads(a_record(an_event(event="e2", note="HE SAT DOWN"), 1))
    updates = [each for each in await offers(sql) if each.kind is OfferKind.UPDATE]
    assert {each.destination for each in updates} == {CRISIS_LINE, TEAM}


async def test_a_danger_takes_back_what_is_asked_and_warns_the_one_that_has_the_call(lane, sql):
    await the_line_has_a_call(lane)
    await lane.hears_in_turn(handed_on(), first=2)
    await lane.reads(a_record(an_event(event="e2", weapon=True), 1))
    assert [row[1:3] for row in await transfers(sql)] == [(CRISIS_LINE, "held"), (TEAM, "recalled")]
    told = {(each.destination, each.kind) for each in await offers(sql)}
    assert {(CRISIS_LINE, OfferKind.DANGER), (TEAM, OfferKind.WITHDRAWN)} <= told
    assert ReturnKind.DANGER in {each.kind for each in await returns(sql)}


async def test_one_that_works_from_notes_alone_claims_what_it_is_handed(database, sql):
    town = with_a_team()
    readers = replace(town.destinations[TEAM], kinds=frozenset({TransferKind.DATA}))
    given = replace(town, destinations={**town.destinations, TEAM: readers})
    async with a_lane(database, given=given) as lane:
        await the_line_has_a_call(lane)
        await lane.hears_in_turn(handed_on(), a_signal(S.CLAIMED, attempt=2, by=TEAM), first=2)
    assert await the_holder(sql) == TEAM
