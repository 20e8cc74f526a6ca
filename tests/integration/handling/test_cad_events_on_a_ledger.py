"""CAD events on a real ledger: what the caller, 911 and the hotline get, and what is written down."""

import asyncio

from building import CITY_311, CRISIS_LINE, a_record, a_signal, an_event, garbage, the_incident, the_transfer
from hands import a_lane
from reading import inbox, messages, offers, returns, statuses, the_holder, transfers

from bridge.domain.cad import EventKind
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind


async def test_an_eligible_call_is_offered_once_and_stays_with_911(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "offered", "911")]
    (offer,) = await offers(sql)
    assert (offer.kind, offer.sequence, offer.destination) == (OfferKind.OFFER, 1, CRISIS_LINE)
    assert offer.facts is not None and offer.facts.notes
    (told,) = await returns(sql)
    assert (told.kind, told.holder) == (ReturnKind.OFFERED, "911")
    assert [status.change for status in await statuses(sql)] == ["decided", "transfer.offered"]
    assert [message.carries for message in lane.post.messages] == ["status", "offer", "return", "status"]


async def test_a_danger_keeps_the_call_and_nobody_is_asked(lane, sql):
    await lane.reads(a_record(an_event(weapon=True), 0))
    assert await transfers(sql) == [] and await offers(sql) == []
    (status,) = await statuses(sql)
    assert "weapon" in status.clauses and status.verdict == "keep"


async def test_a_record_that_both_lanes_read_is_applied_once(database, lane, sql):
    record = a_record(an_event(), 0)
    async with a_lane(database, "b") as other:
        await lane.reads(record)
        await other.reads(record)
        assert other.post.messages == []
    assert len(await offers(sql)) == 1
    assert await sql.fetch("select lane, next_offset from position order by lane") == [("a", 1), ("b", 1)]


async def test_an_event_that_comes_again_is_a_duplicate_and_changes_nothing(lane, sql):
    event = an_event()
    await lane.reads(a_record(event, 0))
    await lane.reads(a_record(event, 1))
    assert await inbox(sql) == [(0, "applied"), (1, "duplicate")]
    assert await sql.fetchval("select version from incident") == 1
    assert len(await messages(sql)) == 4


async def test_an_event_twice_in_one_turn_is_applied_once(lane, sql):
    event = an_event()
    await lane.reads(a_record(event, 0), a_record(event, 1))
    assert await inbox(sql) == [(0, "applied"), (1, "duplicate")]


async def test_the_same_id_with_another_body_is_kept_and_told(database, lane, sql):
    changed = a_record(an_event(note="HE HAS A GUN"), 1)
    await lane.reads(a_record(an_event(), 0))
    await lane.reads(changed)
    async with a_lane(database, "b") as other:
        await other.reads(changed)
    assert await inbox(sql) == [(0, "applied")]
    assert await sql.fetch("select record_offset, reason from quarantine") == [(1, "conflicting_duplicate")]
    (warning,) = [told for told in await returns(sql) if told.kind is ReturnKind.UNREADABLE]
    assert (warning.reason, warning.holder) == ("conflicting_duplicate", "911")


async def test_a_record_that_is_no_message_is_kept_sealed_and_911_is_told(lane, sql):
    await lane.reads(a_record(an_event(), 0), garbage(1), a_record(an_event("INV-2", "e2"), 2))
    assert await inbox(sql) == [(0, "applied"), (2, "applied")]
    row = await sql.fetchrow("select * from quarantine")
    assert (row["record_offset"], row["reason"], row["whole"]) == (1, "unknown_frame", True)
    assert b"garbage" not in row["content"]
    (warning,) = [told for told in await returns(sql) if told.kind is ReturnKind.UNREADABLE]
    assert (warning.incident_id, warning.text) == ("INV-9", "cad.events/0/1")


async def test_a_record_that_one_lane_could_read_is_not_quarantined_by_the_other(database, lane, sql):
    async with a_lane(database, "b") as other:
        await lane.reads(a_record(an_event(), 0))
        await other.reads(garbage(0))
        await other.reads(garbage(1))
        await lane.reads(a_record(an_event("INV-2", "e2"), 1))
    assert await inbox(sql) == [(0, "applied")]
    assert await sql.fetch("select record_offset from quarantine") == [(1,)]


async def test_a_call_that_is_closed_before_it_is_created_is_not_offered(lane, sql):
    await lane.reads(a_record(an_event(event="e2", kind=EventKind.CLOSED), 0))
    assert await transfers(sql) == []


async def test_a_danger_before_contact_takes_the_offer_back(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.reads(a_record(an_event(event="e2", kind=EventKind.CHANGED, weapon=True), 1))
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "recalled", "911")]
    assert [offer.kind for offer in await offers(sql)] == [OfferKind.OFFER, OfferKind.WITHDRAWN]
    ended = (await returns(sql))[-1]
    assert (ended.kind, ended.reason) == (ReturnKind.ENDED, "weapon")


async def test_a_danger_after_contact_is_told_to_both_and_takes_nobody_off(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(SignalKind.VOICE_CONTACT))
    await lane.reads(a_record(an_event(event="e2", kind=EventKind.CHANGED, weapon=True), 1))
    assert await the_holder(sql) == CRISIS_LINE
    assert {OfferKind.DANGER, OfferKind.UPDATE} <= {offer.kind for offer in await offers(sql)}
    assert (await returns(sql))[-1].kind is ReturnKind.DANGER


async def test_a_call_that_is_no_longer_eligible_is_recalled_before_contact(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.reads(a_record(an_event(event="e2", kind=EventKind.CLOSED), 1))
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "recalled", "911")]


async def test_what_is_new_about_a_call_goes_to_whoever_was_offered_it(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.reads(a_record(an_event(event="e2", kind=EventKind.NOTE_ADDED, note="HE IS COLD"), 1))
    update = (await offers(sql))[-1]
    assert (update.kind, update.sequence) == (OfferKind.UPDATE, 2)
    assert [note.text for note in update.facts.notes][-1] == "HE IS COLD"


async def test_a_proposal_waits_for_the_call_taker(lane, sql):
    await lane.reads(a_record(an_event(call_type="31"), 0))
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "proposed", "911")]
    assert await offers(sql) == []
    assert [told.kind for told in await returns(sql)] == [ReturnKind.RECOMMENDATION]
    await lane.hears_in_turn(a_signal(SignalKind.CONFIRMED, by="911"))
    assert [offer.kind for offer in await offers(sql)] == [OfferKind.OFFER]


async def test_practice_runs_the_whole_way_and_never_leaves(lane, sql):
    await lane.reads(a_record(an_event(practice=True), 0))
    assert [row["state"] for row in await sql.fetch("select state from transfer where practice")] == [
        "offered"
    ]
    assert await offers(sql) == []


async def test_two_lanes_at_once_decide_each_event_once_and_never_wait_in_a_circle(database, lane, sql):
    events = [
        a_record(
            an_event(f"INV-{number % 7}", f"e{number}", kind=EventKind.NOTE_ADDED, note=f"NOTE {number}"),
            number,
        )
        for number in range(140)
    ]
    turns = [events[first : first + 20] for first in range(0, len(events), 20)]
    async with a_lane(database, "b") as other:

        async def reads_all(hands):
            for turn in turns:
                await hands.reads(*turn)

        await asyncio.gather(reads_all(lane), reads_all(other))
        lost = [hands.handling.metrics.exposition() for hands in (lane, other)]
    assert all(b"bridge_ledger_lost_total 0.0" in shown for shown in lost)
    assert await sql.fetchval("select count(*) from decision") == 140
    assert await sql.fetch("select version from incident") == [(20,)] * 7
    assert await sql.fetch("select count(*), count(distinct incident_key) from transfer") == [(7, 7)]
    assert {row["next_offset"] for row in await sql.fetch("select next_offset from position")} == {140}


async def test_lanes_that_read_at_a_different_pace_agree(database, lane, sql):
    records = [
        a_record(an_event(f"INV-{number % 3}", f"e{number}", kind=EventKind.NOTE_ADDED), number)
        for number in range(30)
    ]
    async with a_lane(database, "b") as other:
        slow = [other.reads(*records[:7]), other.reads(*records[7:30])]
        await asyncio.gather(lane.reads(*records), *slow[:1])
        await slow[1]
    assert await sql.fetchval("select count(*) from decision") == 30
    assert await sql.fetchval("select count(*) from incident where incident_key = $1", the_incident("INV-0"))
    assert CITY_311 not in {row[1] for row in await transfers(sql)}
