"""Signals on a real ledger: who holds the call after each, who is told, and what is refused."""

import asyncio

import pytest
from building import (
    CANARIES,
    CITY_311,
    CRISIS_LINE,
    a_heard_signal,
    a_record,
    a_signal,
    an_event,
    garbage,
    rules,
    the_incident,
    the_transfer,
)
from hands import a_lane
from reading import inbox, offers, returns, statuses, the_holder, transfers

from bridge.domain.delivery import DeliveryState
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind
from bridge.handling.end_waits import end_waits
from bridge.handling.fail_deliveries import fail_deliveries
from bridge.ledger.rows import ClosedDelivery

S = SignalKind


async def until_a_wait_ended(lane, within_s=10.0):
    """Let the ledger's clock end a wait."""
    async with asyncio.timeout(within_s):
        while not await end_waits(lane.handling):  # noqa: ASYNC110 - the database's clock
            await asyncio.sleep(0.01)


async def test_voice_contact_hands_the_call_over_and_911_is_told(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.ALERTING), a_signal(S.ANSWERED))
    assert await the_holder(sql) == "911"
    await lane.hears_in_turn(a_signal(S.VOICE_CONTACT), first=2)
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "connected", CRISIS_LINE)]
    told = (await returns(sql))[-1]
    assert (told.kind, told.holder) == (ReturnKind.HELD, CRISIS_LINE)


async def test_a_call_without_a_voice_is_claimed(lane, sql):
    await lane.reads(a_record(an_event(on_the_line=False), 0))
    await lane.hears_in_turn(a_signal(S.CLAIMED))
    assert await the_holder(sql) == CRISIS_LINE


async def test_a_caller_on_the_line_cannot_be_claimed_without_contact(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.CLAIMED))
    assert await the_holder(sql) == "911"
    assert (await offers(sql))[-1].reason == "caller_is_on_the_line"


async def test_a_decline_asks_the_next_destination(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.DECLINED, reason="full"))
    assert await transfers(sql) == [
        (the_transfer(), CRISIS_LINE, "declined", "911"),
        (the_transfer(attempt=2), CITY_311, "offered", "911"),
    ]
    ended = [told for told in await returns(sql) if told.kind is ReturnKind.ENDED]
    assert [(told.reason, told.next_destination) for told in ended] == [("full", CITY_311)]


async def test_when_all_decline_911_keeps_the_call_and_hears_why(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(
        a_signal(S.DECLINED, reason="full"), a_signal(S.DECLINED, attempt=2, by=CITY_311, reason="not_ours")
    )
    assert await the_holder(sql) == "911"
    last = (await returns(sql))[-1]
    assert (last.kind, last.reason, last.next_destination) == (ReturnKind.ENDED, "not_ours", None)


async def test_who_declines_may_name_whom_it_prefers_within_the_route(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.DECLINED, prefers="nobody-we-know"))
    assert (await transfers(sql))[-1][1] == CITY_311


async def test_silence_gives_the_call_to_the_next_and_then_back_to_911(database, sql):
    async with a_lane(database, given=rules(scale=0.001)) as hands:
        await hands.reads(a_record(an_event(), 0))
        await until_a_wait_ended(hands)
        await until_a_wait_ended(hands)
    states = [state for _, _, state, _ in await transfers(sql)]
    assert states == ["expired", "expired"]
    last = (await returns(sql))[-1]
    assert (last.kind, last.reason, last.holder) == (ReturnKind.ENDED, "deadline", "911")


async def test_asking_ends_with_the_calls_budget(database, sql):
    async with a_lane(database, given=rules(budget=0.02)) as hands:
        await hands.reads(a_record(an_event(), 0))
        await until_a_wait_ended(hands)
        assert [state for _, _, state, _ in await transfers(sql)] == ["expired"]
        await hands.reads(a_record(an_event(event="e2", note="HE IS COLD"), 1))
    assert len(await transfers(sql)) == 1


async def test_contact_that_comes_too_late_leaves_the_call_with_911_and_both_are_told(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.DECLINED), a_signal(S.VOICE_CONTACT))
    assert await the_holder(sql) == "911"
    assert [offer.reason for offer in await offers(sql) if offer.kind is OfferKind.REFUSED] == ["ended"]
    assert ReturnKind.LATE_SIGNAL in {told.kind for told in await returns(sql)}


async def test_a_signal_that_the_table_refuses_changes_nothing_and_is_audited(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.RETURN_ASKED))
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "offered", "911")]
    assert await sql.fetchval("select what from audit order by number desc limit 1") == (
        "refused.not_in_this_state"
    )


@pytest.mark.parametrize(
    ("kind", "by"), [(S.VOICE_CONTACT, CITY_311), (S.RETURN_TAKEN, CRISIS_LINE), (S.DANGER, "911")]
)
async def test_nobody_says_what_is_another_ones_to_say(lane, sql, kind, by):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(kind, by=by))
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "offered", "911")]
    assert await sql.fetchval("select count(*) from audit where what = 'refused.not_yours_to_say'") == 1


async def test_a_destination_that_returns_a_call_holds_it_until_911_has_it(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.VOICE_CONTACT), a_signal(S.RETURN_ASKED, text="SHE RAN OFF"))
    assert await the_holder(sql) == CRISIS_LINE
    asked = (await returns(sql))[-1]
    assert (asked.kind, asked.text, asked.holder) == (ReturnKind.RETURN_ASKED, "SHE RAN OFF", CRISIS_LINE)
    await lane.hears_in_turn(a_signal(S.RETURN_TAKEN, by="911"), first=2)
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "returned", "911")]
    assert (await offers(sql))[-1].kind is OfferKind.ENDED


async def test_a_closed_call_stays_with_whom_it_was(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.VOICE_CONTACT), a_signal(S.CLOSED))
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "closed", CRISIS_LINE)]
    assert (await returns(sql))[-1].kind is ReturnKind.OUTCOME


async def test_a_signal_about_an_unknown_transfer_is_marked_and_changes_nothing(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.VOICE_CONTACT, attempt=7), a_signal(S.VOICE_CONTACT, "INV-404"))
    assert await inbox(sql, "hotline.signals") == [(0, "unknown_transfer"), (1, "unknown_transfer")]
    assert await the_holder(sql) == "911"


async def test_a_signal_that_comes_twice_is_heard_once(database, lane, sql):
    await lane.reads(a_record(an_event(), 0))
    once = a_signal(S.DECLINED)
    async with a_lane(database, "b") as other:
        await asyncio.gather(lane.hears(a_heard_signal(once, 0)), other.hears(a_heard_signal(once, 0)))
        await other.hears(a_heard_signal(once, 1))
    assert await inbox(sql, "hotline.signals") == [(0, "applied"), (1, "duplicate")]
    assert len(await transfers(sql)) == 2


async def test_a_signal_that_cannot_be_read_is_kept_and_told_without_alarming_911(lane, sql):
    await lane.hears(garbage(0, topic="hotline.signals"))
    assert await sql.fetchval("select count(*) from quarantine") == 1
    assert await returns(sql) == []


async def test_words_in_place_of_a_code_are_sealed_with_the_text(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    words = f"{CANARIES[2]} at {CANARIES[1]}"
    await lane.hears_in_turn(a_signal(S.DECLINED, reason=words, text="CALLS BACK"))
    ended = next(told for told in await returns(sql) if told.kind is ReturnKind.ENDED)
    assert (ended.reason, ended.text) == ("in_words", f"{words}\nCALLS BACK")
    assert {status.reason for status in await statuses(sql)} == {"", "in_words"}
    assert await sql.fetchval("select count(*) from audit where audit::text like $1", f"%{words}%") == 0


async def test_a_speaker_whose_id_is_no_id_is_not_named(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(S.ALERTING, by=CANARIES[2]))
    assert await sql.fetchval("select speaker from audit order by number desc limit 1") == (
        "destination:unlisted"
    )


async def test_an_offer_that_cannot_be_delivered_fails_and_the_next_is_asked(lane, sql):
    lane.post.delivers = False
    await lane.reads(a_record(an_event(), 0))
    (offer,) = await offers(sql)
    refused = ClosedDelivery(
        offer.message_id,
        DeliveryState.REFUSED,
        CRISIS_LINE,
        "offer",
        OfferKind.OFFER.value,
        offer.transfer_id,
        the_incident(),
    )
    await fail_deliveries(lane.handling, [refused])
    assert await transfers(sql) == [
        (the_transfer(), CRISIS_LINE, "failed", "911"),
        (the_transfer(attempt=2), CITY_311, "offered", "911"),
    ]
    await fail_deliveries(lane.handling, [refused])
    assert len(await transfers(sql)) == 2


async def test_lanes_that_end_the_same_wait_end_it_once(database, sql):
    given = rules(scale=0.001)
    async with a_lane(database, "a", given=given) as one, a_lane(database, "b", given=given) as other:
        for number in range(5):
            await one.reads(a_record(an_event(f"INV-{number}", f"e{number}"), number))
        async with asyncio.timeout(10):
            while await sql.fetchval("select count(*) from transfer where not ended"):
                await asyncio.gather(end_waits(one.handling), end_waits(other.handling))
    assert await sql.fetchval("select count(*) from audit where what = 'signal.deadline'") == 10
