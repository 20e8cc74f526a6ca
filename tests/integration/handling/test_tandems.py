"""A tandem on a real ledger: who goes along, and what CAD's units say of it."""

import pytest
from building import CRISIS_LINE, the_transfer
from hands import a_lane
from line_988 import broken
from reading import offers, transfers
from tandem import Dispatch, leg_news, legs, patrol, stands, team, told_911, town

from bridge.domain.cad import EventKind, Unit, UnitStatus
from bridge.domain.decision import Verdict
from bridge.domain.leg import LegKind, Mode
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.policy_clauses import TandemWith
from bridge.domain.signal import SignalKind

S = SignalKind


@pytest.fixture
async def dispatch(database):
    async with a_lane(database, given=town()) as hands:
        yield Dispatch(hands)


async def test_a_decision_for_a_tandem_asks_for_the_responders_and_for_police(dispatch, sql):
    await dispatch.hears(weapon=True)
    made = {(row["kind"], row["why"], row["clause"], row["state"]) for row in await legs(sql)}
    assert made == {
        ("community", "joint", "", "requested"),
        ("police", "disqualifier", "weapon", "requested"),
    }
    assert len(await told_911(sql, ReturnKind.RECOMMENDATION)) == 1
    assert {each.leg.kind for each in await told_911(sql)} == {LegKind.COMMUNITY, LegKind.POLICE}
    await dispatch.hears(weapon=True)
    assert len(await legs(sql)) == 2, "nobody is asked for twice"
    assert not await broken(sql)


async def test_a_team_is_proposed_for_a_tandem_and_learns_who_goes_along_when_it_is_asked(dispatch, sql):
    await dispatch.hears(weapon=True)
    assert (await transfers(sql))[0][2:] == ("proposed", "911")
    assert not await offers(sql), "nobody is asked before a call taker confirms"
    await dispatch.says(S.CONFIRMED, transfer=the_transfer())
    assert (await transfers(sql))[0][2:] == ("offered", "911")
    told = [(each.kind, each.reason, each.state) for each in await offers(sql)]
    assert told == [
        (OfferKind.OFFER, "", ""),
        (OfferKind.NEWS, "community", "requested"),
        (OfferKind.NEWS, "police", "requested"),
    ]
    assert not await broken(sql)


async def test_a_policy_may_have_a_team_asked_at_once(database, sql):
    at_once = frozenset({Verdict.RECOMMEND, Verdict.REVIEW})
    async with a_lane(database, given=town(confirm=at_once)) as hands:
        await Dispatch(hands).hears(weapon=True)
    assert (await transfers(sql))[0][2:] == ("offered", "911")
    assert await stands(sql) == {("community", "requested"), ("police", "requested")}


async def test_a_danger_before_the_call_taker_confirms_makes_the_proposal_one_for_a_tandem(database, sql):
    every = frozenset({Verdict.OFFER, Verdict.RECOMMEND, Verdict.REVIEW, Verdict.TANDEM})
    async with a_lane(database, given=town(confirm=every)) as hands:
        dispatch = Dispatch(hands)
        await dispatch.hears()
        assert not await legs(sql)
        await dispatch.hears(weapon=True)
        assert (await transfers(sql))[0][2:] == ("proposed", "911")
        assert await stands(sql) == {("community", "requested"), ("police", "requested")}
        told = await told_911(sql, ReturnKind.RECOMMENDATION)
        assert [each.verdict for each in told] == [Verdict.OFFER, Verdict.TANDEM]
    assert not await broken(sql)


async def test_the_teams_own_words_are_its_legs_way(dispatch, sql):
    await dispatch.hears(weapon=True)
    await dispatch.says(S.CONFIRMED, transfer=the_transfer())
    await dispatch.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=the_transfer())
    for said, stand in (
        (S.TEAM_SENT, "en_route"),
        (S.TEAM_ON_SCENE, "on_scene"),
        (S.TEAM_CLEARED, "cleared"),
    ):
        await dispatch.says(said, by=CRISIS_LINE, transfer=the_transfer())
        assert await stands(sql) == {("police", "requested"), ("community", stand)}
    assert not await broken(sql)


async def test_a_team_has_a_leg_as_soon_as_police_go_along(dispatch, sql):
    await dispatch.hears()
    await dispatch.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=the_transfer())
    await dispatch.says(S.TEAM_SENT, by=CRISIS_LINE, transfer=the_transfer())
    assert not await legs(sql), "alone it is no tandem"
    await dispatch.says(S.BACKUP, by=CRISIS_LINE, transfer=the_transfer())
    await dispatch.says(S.TEAM_ON_SCENE, by=CRISIS_LINE, transfer=the_transfer())
    assert await stands(sql) == {("police", "requested"), ("community", "on_scene")}


async def test_the_policy_says_who_goes_along_and_first(database, sql):
    medics = TandemWith(LegKind.EMS, Mode.POLICE_FIRST)
    async with a_lane(database, given=town(tandem=medics)) as hands:
        await Dispatch(hands).hears(weapon=True)
    assert {(row["kind"], row["mode"]) for row in await legs(sql)} == {
        ("community", "police_first"),
        ("ems", "police_first"),
    }


async def test_a_danger_that_makes_it_tandem_lets_the_asking_go_on_beside_police(dispatch, sql):
    await dispatch.hears()
    await dispatch.hears(weapon=True)
    assert (await transfers(sql))[0][2] == "offered"
    assert await stands(sql) == {("police", "requested")}
    assert [each.state for each in await leg_news(sql)] == ["requested"]
    await dispatch.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=the_transfer())
    assert (await transfers(sql))[0][2:] == ("connected", CRISIS_LINE)
    assert not await broken(sql)


@pytest.mark.parametrize("after_contact", [True, False])
async def test_after_voice_contact_the_policy_says_whether_police_are_asked_for(database, sql, after_contact):
    given = town(tandem=TandemWith(after_contact=after_contact), makes_tandem=False)
    async with a_lane(database, given=given) as hands:
        dispatch = Dispatch(hands)
        await dispatch.hears()
        await dispatch.says(S.VOICE_CONTACT, by=CRISIS_LINE, transfer=the_transfer())
        await dispatch.hears(weapon=True)
    assert (await transfers(sql))[0][2:] == ("connected", CRISIS_LINE), "nobody is taken off"
    assert await stands(sql) == ({("police", "requested")} if after_contact else set())
    assert not await broken(sql)


async def test_units_of_cad_are_the_legs_that_were_asked_for(dispatch, sql):
    await dispatch.hears(weapon=True)
    await dispatch.hears(patrol(UnitStatus.DISPATCHED), weapon=True)
    await dispatch.hears(
        team(UnitStatus.EN_ROUTE), Unit("TOW1", UnitStatus.EN_ROUTE, kind="TOW"), weapon=True
    )
    assert await stands(sql) == {("police", "assigned"), ("community", "en_route")}
    assert {row["unit_id"] for row in await legs(sql)} == {"3A12", "CRT-1"}
    await dispatch.hears(patrol(UnitStatus.ON_SCENE), weapon=True)
    await dispatch.hears(patrol(UnitStatus.CLEARED), team(UnitStatus.ON_SCENE), weapon=True)
    assert await stands(sql) == {("police", "cleared"), ("community", "on_scene")}
    await dispatch.hears(patrol(UnitStatus.DISPATCHED), weapon=True)
    assert len(await legs(sql)) == 3, "a unit that comes back is a leg of its own"
    assert not await broken(sql)


async def test_police_alone_have_no_legs_and_responders_of_the_community_make_them(dispatch, sql):
    await dispatch.hears(patrol(UnitStatus.EN_ROUTE), call_type="99")
    assert not await legs(sql)
    await dispatch.hears(team(UnitStatus.DISPATCHED), call_type="99")
    assert await stands(sql) == {("police", "en_route"), ("community", "assigned")}


async def test_units_say_nothing_again_that_they_said_before(dispatch, sql):
    await dispatch.hears(patrol(UnitStatus.EN_ROUTE), team(UnitStatus.EN_ROUTE), call_type="99")
    before = await sql.fetchval("select count(*) from audit where what like 'leg.%'")
    await dispatch.hears(patrol(UnitStatus.EN_ROUTE), call_type="99")
    assert await sql.fetchval("select count(*) from audit where what like 'leg.%'") == before


async def test_closing_in_cad_ends_the_legs(dispatch, sql):
    await dispatch.hears(patrol(UnitStatus.EN_ROUTE), team(UnitStatus.ON_SCENE), call_type="99")
    await dispatch.hears(call_type="99", kind=EventKind.CLOSED)
    assert await stands(sql) == {("police", "cancelled"), ("community", "cleared")}
