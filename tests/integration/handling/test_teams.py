"""Several teams are told of one call at once: the first that claims it has it, and the others learn who."""

import asyncio
from dataclasses import replace

import pytest
from building import (
    AGENCY,
    a_destination,
    a_heard_signal,
    a_policy,
    a_record,
    a_signal,
    an_event,
    rules,
    the_transfer,
)
from hands import a_lane
from reading import offers, returns, the_holder, transfers

from bridge.domain.delivery import DeliveryState
from bridge.domain.ids import DestinationId
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind
from bridge.handling.context import Rules
from bridge.handling.fail_deliveries import fail_deliveries
from bridge.ledger.rows import ClosedDelivery

S = SignalKind
TEAMS, ONE, TWO, THREE = (DestinationId(name) for name in ("teams", "team-1", "team-2", "team-3"))


def with_teams() -> Rules:
    """Three vans behind one name."""
    group = replace(a_destination(TEAMS), teams=(ONE, TWO, THREE))
    vans = {name: a_destination(name) for name in (ONE, TWO, THREE)}
    return replace(
        rules(), policies={AGENCY: (a_policy(route=(TEAMS,)),)}, destinations={TEAMS: group, **vans}
    )


@pytest.fixture
async def lane(database):
    async with a_lane(database, given=with_teams()) as hands:
        await hands.reads(a_record(an_event(on_the_line=False), 0))
        yield hands


def heard(sent, kind):
    return [(each.destination, each.sequence, each.reason) for each in sent if each.kind is kind]


async def test_every_team_is_told_at_once(lane, sql):
    assert heard(await offers(sql), OfferKind.OFFER) == [(ONE, 1, ""), (TWO, 1, ""), (THREE, 1, "")]
    assert await the_holder(sql) == "911"


async def test_the_first_to_claim_has_the_call_and_the_others_learn_who(lane, sql):
    await lane.hears_in_turn(a_signal(S.CLAIMED, by=TWO))
    assert await transfers(sql) == [(the_transfer(), TWO, "claimed", TWO)]
    assert heard(await offers(sql), OfferKind.TAKEN) == [(ONE, 2, TWO), (THREE, 2, TWO)]


async def test_who_claims_late_is_refused_and_told_who_has_the_call(lane, sql):
    await lane.hears_in_turn(a_signal(S.CLAIMED, by=TWO), a_signal(S.CLAIMED, by=ONE, name="second"))
    assert await transfers(sql) == [(the_transfer(), TWO, "claimed", TWO)]
    assert heard(await offers(sql), OfferKind.REFUSED) == [(ONE, 0, "taken:team-2")]
    assert await sql.fetchval("select what from audit order by number desc limit 1") == "refused.taken"
    assert ReturnKind.LATE_SIGNAL not in [each.kind for each in await returns(sql)]


async def test_who_claims_a_call_that_another_team_closed_is_told_who_had_it(lane, sql):
    closed = replace(a_signal(S.CLOSED, by=TWO), outcome="no_contact")
    await lane.hears_in_turn(a_signal(S.CLAIMED, by=TWO), closed, a_signal(S.CLAIMED, by=ONE, name="late"))
    assert heard(await offers(sql), OfferKind.REFUSED) == [(ONE, 0, "taken:team-2")]


async def test_911_is_told_of_a_team_that_says_it_talks_while_another_has_the_call(lane, sql):
    await lane.hears_in_turn(a_signal(S.CLAIMED, by=TWO), a_signal(S.VOICE_CONTACT, by=ONE))
    (told,) = [each for each in await returns(sql) if each.kind is ReturnKind.LATE_SIGNAL]
    assert (told.destination, told.holder) == (ONE, TWO)


@pytest.mark.parametrize(
    "ends",
    [
        [a_signal(S.RECALLED, by="911")],
        [a_signal(S.CLAIMED, by=TWO), a_signal(S.RETURN_ASKED, by=TWO), a_signal(S.RETURN_TAKEN, by="911")],
    ],
    ids=["recalled", "returned"],
)
async def test_a_team_that_claims_what_911_has_again_is_told_so_and_911_is_told_too(lane, sql, ends):
    await lane.hears_in_turn(*ends, a_signal(S.CLAIMED, by=ONE, name="late"))
    assert heard(await offers(sql), OfferKind.REFUSED) == [(ONE, 0, "ended")]
    assert [each.kind for each in await returns(sql)].count(ReturnKind.LATE_SIGNAL) == 1
    assert await the_holder(sql) == "911"


async def test_two_lanes_that_hear_two_claims_at_once_give_the_call_to_one(database, lane, sql):
    async with a_lane(database, "b", given=with_teams()) as other:
        await asyncio.gather(
            lane.hears(a_heard_signal(a_signal(S.CLAIMED, by=ONE, name="one"), 0)),
            other.hears(a_heard_signal(a_signal(S.CLAIMED, by=TWO, name="two"), 1)),
        )
    ((_, taken_by, state, holder),) = await transfers(sql)
    assert (taken_by in {ONE, TWO}, state, holder) == (True, "claimed", taken_by)


async def test_a_team_that_declines_leaves_the_call_to_the_others(lane, sql):
    await lane.hears_in_turn(
        a_signal(S.DECLINED, by=ONE, name="1", reason="no_team"),
        a_signal(S.DECLINED, by=TWO, name="2", reason="no_team"),
    )
    assert [row[2] for row in await transfers(sql)] == ["offered"]
    await lane.hears_in_turn(a_signal(S.DECLINED, by=THREE, name="3", reason="no_team"), first=2)
    assert [row[2] for row in await transfers(sql)] == ["declined"]


@pytest.mark.parametrize("then", [(), (a_signal(S.CLAIMED, by=TWO),)], ids=["asked still", "taken"])
async def test_a_team_that_declined_and_claims_is_told_that_it_has_not_got_the_call(lane, sql, then):
    no = a_signal(S.DECLINED, by=ONE, reason="no_team")
    await lane.hears_in_turn(no, *then, a_signal(S.CLAIMED, by=ONE, name="late"))
    assert heard(await offers(sql), OfferKind.REFUSED) == [(ONE, 0, "not_asked")]
    assert await sql.fetchval("select what from audit order by number desc limit 1") == "refused.not_asked"
    assert await the_holder(sql) == (TWO if then else "911")


async def test_911_is_told_of_a_team_that_declined_and_says_it_talks(lane, sql):
    await lane.hears_in_turn(
        a_signal(S.DECLINED, by=ONE, reason="no_team"), a_signal(S.VOICE_CONTACT, by=ONE)
    )
    (told,) = [each for each in await returns(sql) if each.kind is ReturnKind.LATE_SIGNAL]
    assert (told.destination, told.holder) == (ONE, "911")


async def test_a_team_that_cannot_be_reached_leaves_the_call_to_the_others(lane, sql):
    lost = [
        ClosedDelivery("m", DeliveryState.REFUSED, name, "offer", "OFFER", the_transfer(), f"{AGENCY}/INV-1")
        for name in (ONE, TWO, THREE)
    ]
    await fail_deliveries(lane.handling, lost[:2])
    assert [row[2] for row in await transfers(sql)] == ["offered"]
    await fail_deliveries(lane.handling, lost[2:])
    assert [row[2] for row in await transfers(sql)] == ["failed"]


async def test_a_claim_is_undone_by_giving_the_call_back(lane, sql):
    await lane.hears_in_turn(
        a_signal(S.CLAIMED, by=ONE),
        a_signal(S.RETURN_ASKED, by=ONE, reason="capacity"),
        a_signal(S.RETURN_TAKEN, by="911"),
    )
    assert await the_holder(sql) == "911"


async def test_who_was_not_told_cannot_claim(lane, sql):
    await lane.hears_in_turn(a_signal(S.CLAIMED, by="somebody"))
    assert await the_holder(sql) == "911"
