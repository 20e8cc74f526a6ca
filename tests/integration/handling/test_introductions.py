"""How a caller comes over, what a call taker does of their own accord, and ways back to 911."""

from dataclasses import replace

import pytest
from building import AGENCY, CITY_311, CRISIS_LINE, a_policy, a_record, a_signal, an_event, rules
from hands import a_lane
from reading import offers, returns, statuses, transfers
from test_signals_on_a_ledger import until_a_wait_ended

from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind
from bridge.handling.context import Rules

S = SignalKind


def demanding(*introductions: str) -> Rules:
    """The policy wants these said before a release counts as warm."""
    policy = replace(a_policy(), introductions=frozenset(introductions))
    return replace(rules(), policies={AGENCY: (policy,)})


TOLD, GIVEN = a_signal(S.CALLER_TOLD, by="911"), a_signal(S.IDENTITY_GIVEN, by="911")


@pytest.mark.parametrize(
    ("said", "demanded", "warmth"),
    [
        ((TOLD, GIVEN), ("caller_told", "identity_given"), "warm"),
        ((TOLD,), ("caller_told", "identity_given"), "cold"),
        ((TOLD,), ("caller_told",), "warm"),
        ((), ("identity_given",), "cold"),
        ((), (), "warm"),
    ],
)
async def test_a_release_is_warm_when_what_the_policy_demands_was_said(database, sql, said, demanded, warmth):
    async with a_lane(database, given=demanding(*demanded)) as lane:
        await lane.reads(a_record(an_event(), 0))
        await lane.hears_in_turn(*said, a_signal(S.VOICE_CONTACT), a_signal(S.RELEASED, by="911"))
    assert await sql.fetchval("select warmth from transfer") == warmth
    changes = {each.change for each in await statuses(sql)}
    assert {f"beside.{each.kind.value}" for each in said} <= changes


async def test_who_hangs_up_before_anybody_talked_was_dropped(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.HUNG_UP, by="911"))
    assert await sql.fetchval("select warmth from transfer") == "dropped"


async def test_only_the_call_taker_says_what_the_call_taker_said(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.CALLER_TOLD))
    assert not await sql.fetchval("select caller_told from transfer")


async def test_a_request_for_police_who_need_not_hurry_moves_nobody(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.VOICE_CONTACT), a_signal(S.POLICE_FOLLOW_UP, reason="report"))
    assert (await transfers(sql))[0][2:] == ("connected", CRISIS_LINE)
    told = (await returns(sql))[-1]
    assert (told.kind, told.reason, told.holder) == (ReturnKind.FOLLOW_UP, "report", CRISIS_LINE)


async def test_a_team_goes_on_after_its_call_was_closed(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(
        a_signal(S.VOICE_CONTACT),
        a_signal(S.TEAM_SENT),
        replace(a_signal(S.CLOSED), outcome="team_sent"),
        a_signal(S.TEAM_ON_SCENE),
        a_signal(S.TEAM_CLEARED),
    )
    teams = [each.state for each in await returns(sql) if each.kind is ReturnKind.TEAM]
    assert teams == ["connected", "closed", "closed"]
    assert await sql.fetchval("select outcome from transfer") == "team_sent"


async def test_a_call_taker_offers_the_call_again_to_somebody_of_the_route(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(
        a_signal(S.REJECTED, by="911", reason="caution"),
        a_signal(S.PROPOSED, by="911", prefers=CRISIS_LINE),
    )
    assert [row[1:3] for row in await transfers(sql)] == [(CRISIS_LINE, "recalled"), (CRISIS_LINE, "offered")]
    assert [each.kind for each in await offers(sql)][-1] is OfferKind.OFFER


@pytest.mark.parametrize(
    ("event", "destination", "reason"),
    [
        (an_event(weapon=True), CRISIS_LINE, "screening_keeps_it"),
        (an_event(), CITY_311, "another_is_asked"),
    ],
)
async def test_nobody_offers_what_screening_keeps_or_asks_two_at_once(lane, sql, event, destination, reason):
    await lane.reads(a_record(event, 0))
    before = await transfers(sql)
    await lane.hears_in_turn(a_signal(S.PROPOSED, by="911", prefers=destination))
    assert await transfers(sql) == before
    assert await sql.fetchval("select what from audit order by number desc limit 1") == f"refused.{reason}"


async def test_a_call_that_comes_back_tries_every_way_to_911_until_it_is_taken(database, sql):
    async with a_lane(database, given=rules(scale=0.01)) as lane:
        more = replace(lane.handling.addresses, more_returns=("cad.returns.desk",))
        handling = replace(lane.handling, addresses=more)
        lane = replace(lane, handling=handling)
        await lane.reads(a_record(an_event(), 0))
        await lane.hears_in_turn(a_signal(S.VOICE_CONTACT), a_signal(S.RETURN_ASKED, reason="danger"))
        for _ in range(3):
            await until_a_wait_ended(lane)
        await lane.hears_in_turn(a_signal(S.RETURN_TAKEN, by="911"), first=2)
    ways = await sql.fetch("select address from outbox where kind = 'RETURN_ASKED' order by number")
    assert [row["address"] for row in ways] == ["cad.returns", "cad.returns.desk"] * 2
    assert (await transfers(sql))[0][2:] == ("returned", "911")


async def test_911_is_told_of_what_was_learnt_only_what_it_wants_to_know(database, sql):
    learnt = {"weapon": "A KNIFE", "health": "TAKES LITHIUM", "gossip": "HE IS RICH"}
    for number, (policy, told) in enumerate(
        [
            (a_policy(), ("HE ASKED FOR YOU", {"weapon": "A KNIFE"})),
            (replace(a_policy(), learnt=frozenset({"health"})), ("", {"health": "TAKES LITHIUM"})),
        ]
    ):
        async with a_lane(database, given=replace(rules(), policies={AGENCY: (policy,)})) as lane:
            call = f"INV-{number}"
            await lane.reads(a_record(an_event(call, call), number))
            asks = a_signal(S.RETURN_ASKED, call, reason="danger", text="HE ASKED FOR YOU")
            contact = a_signal(S.VOICE_CONTACT, call)
            await lane.hears_in_turn(contact, replace(asks, learnt=learnt), first=2 * number)
        back = [each for each in await returns(sql) if each.kind is ReturnKind.RETURN_ASKED][-1]
        assert (back.text, dict(back.learnt)) == told
