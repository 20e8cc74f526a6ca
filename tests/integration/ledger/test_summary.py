"""The summary counts what became of calls: recalled, returned, handed on, diverted. Never practice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from building import CITY_311, CRISIS_LINE, a_record, a_signal, an_event

from bridge.domain.ids import NINE_ONE_ONE
from bridge.domain.signal import SignalKind
from bridge.ledger.summary import summarise

K = SignalKind


async def _called(lane, incident, offset, *signals, practice=False):
    """An eligible call, and what was said of it one after the other."""
    await lane.reads(a_record(an_event(incident, f"e-{incident}", practice=practice), offset))
    await lane.hears_in_turn(*signals, first=offset * 100)


def _said(incident, *kinds, **how):
    return [a_signal(kind, incident, **how) for kind in kinds]


async def _counts(lane, since=None):
    return (await summarise(lane.ledger, since)).counts


async def test_calls_are_counted_by_what_became_of_them(lane):
    taken = [K.ANSWERED, K.VOICE_CONTACT]
    await _called(lane, "INV-1", 1, a_signal(K.RECALLED, "INV-1", by=NINE_ONE_ONE, reason="caution"))
    await _called(lane, "INV-2", 2, *_said("INV-2", *taken, K.CLOSED))
    back = a_signal(K.RETURN_ASKED, "INV-3", reason="danger")
    home = _said("INV-3", K.RETURN_TAKEN, by=NINE_ONE_ONE)
    await _called(lane, "INV-3", 3, *_said("INV-3", *taken), back, *home)
    counts = await _counts(lane)
    assert counts["transfers"] == {"recalled": 1, "returned": 1, "closed": 1}
    assert counts["recalls"] == {"caution": 1}
    assert counts["returns"] == {"danger": 1}
    assert counts["diversions"] == {"successful": 1}


async def test_a_call_that_was_handed_on_is_one_diversion(lane):
    on = a_signal(K.HANDED_ON, prefers=CITY_311, reason="team_needed")
    theirs = _said("INV-1", K.ANSWERED, K.VOICE_CONTACT, K.CLOSED, attempt=2, by=CITY_311)
    await _called(lane, "INV-1", 1, *_said("INV-1", K.ANSWERED, K.VOICE_CONTACT), on, *theirs)
    counts = await _counts(lane)
    assert counts["handed on"] == {CRISIS_LINE: 1}
    assert counts["diversions"] == {"successful": 1}


async def test_police_that_were_sent_make_it_none(lane, sql):
    await _called(lane, "INV-1", 1, *_said("INV-1", K.ANSWERED, K.VOICE_CONTACT))
    await lane.hears_in_turn(a_signal(K.BACKUP, reason="danger"), first=500)
    await lane.hears_in_turn(*_said("INV-1", K.LEG_ASSIGNED, by=NINE_ONE_ONE), first=510)
    await lane.hears_in_turn(*_said("INV-1", K.CLOSED), first=520)
    assert (await _counts(lane))["diversions"] == {"police or EMS came": 1}


async def test_practice_is_never_counted(lane):
    await _called(lane, "INV-1", 1, practice=True)
    counts = await _counts(lane)
    assert not counts.keys() & {"verdicts", "transfers", "holders", "messages"}


async def test_a_period_counts_calls_first_heard_of_in_it(lane):
    await _called(lane, "INV-1", 1)
    now = datetime.now(UTC)
    assert "holders" in await _counts(lane, now - timedelta(days=1))
    assert "holders" not in await _counts(lane, now + timedelta(days=1))


async def test_how_callers_came_over_and_what_became_of_them_is_counted_by_destination(lane):
    said = [*_said("INV-1", K.ANSWERED, K.VOICE_CONTACT), a_signal(K.RELEASED, "INV-1", by=NINE_ONE_ONE)]
    closed = replace(a_signal(K.CLOSED, "INV-1"), outcome="referred:shelter")
    await _called(lane, "INV-1", 1, *said, closed)
    counts = await _counts(lane)
    assert (counts["warmth"], counts["outcomes"]) == ({"warm": 1}, {"referred": 1})
    shown = lane.handling.metrics.exposition().decode()
    assert 'bridge_transfers_by_warmth_total{destination="crisis-line",warmth="warm"} 1.0' in shown
    assert 'bridge_transfers_by_outcome_total{destination="crisis-line",outcome="referred"} 1.0' in shown
