"""Destinations that cannot be asked just now: passed over with a reason, told, asked when they are back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from building import (
    CITY_311,
    CRISIS_LINE,
    a_signal,
    rules,
)
from destinations_say import ACTIVE, FULL, a_call_comes, asked, clauses_of, says, time_passes, told
from hands import a_lane
from reading import offers, statuses

from bridge.cli.checks import destinations_heard
from bridge.domain import clauses
from bridge.domain.cad import EventKind
from bridge.domain.decision import Verdict
from bridge.domain.message import OfferKind
from bridge.domain.presence import QueueState, SaidState
from bridge.domain.screening import unable_by
from bridge.domain.signal import SignalKind
from bridge.settings import Paths, Settings
from bridge.settings.destinations import load_destinations

S = SignalKind
OFFERED = [(CRISIS_LINE, "offered")]
ELSEWHERE = [(CITY_311, "offered")]


@pytest.fixture
async def lane(database):
    async with a_lane(database) as hands:
        yield hands


@pytest.mark.parametrize(
    ("state", "clause"),
    [
        (FULL, "destination.full."),
        (SaidState(QueueState.RESOURCE_EXHAUSTED), "destination.full."),
        (SaidState(QueueState.DISABLED), "destination.out_of_service."),
        (SaidState(QueueState.INACTIVE), "destination.out_of_service."),
        (SaidState(QueueState.UNREACHABLE), "destination.silent."),
        (SaidState(staffed=False), "destination.unstaffed."),
        (SaidState(away_from=datetime(2020, 1, 1, tzinfo=UTC)), "destination.out_of_service."),
    ],
    ids=lambda given: str(given)[:40],
)
async def test_whoever_says_it_takes_nobody_is_passed_over_with_that_reason(lane, sql, state, clause):
    await says(lane, state)
    await a_call_comes(lane)
    assert await asked(sql) == ELSEWHERE
    assert clause + CRISIS_LINE in await sql.fetchval("select clauses from decision")
    assert clause + CRISIS_LINE in await sql.fetchval("select clauses from audit where what = 'decided'")


@pytest.mark.parametrize(
    "state", [ACTIVE, SaidState(QueueState.STANDBY), SaidState(), SaidState(staffed=True)]
)
async def test_whoever_says_something_else_is_asked(lane, sql, state):
    await says(lane, state)
    await a_call_comes(lane)
    assert await asked(sql) == OFFERED


async def test_911_is_told_once_with_every_reason_when_nobody_can_be_offered_a_call(lane, sql):
    await says(lane, FULL)
    await says(lane, SaidState(staffed=False), by=CITY_311)
    await a_call_comes(lane)
    await a_call_comes(lane, offset=1, kind=EventKind.CHANGED)
    assert await asked(sql) == []
    (said,) = await told(sql)
    assert {f"destination.full.{CRISIS_LINE}", f"destination.unstaffed.{CITY_311}"} <= clauses_of(said)
    assert (said.holder, said.verdict) == ("911", Verdict.KEEP)
    assert [each.change for each in await statuses(sql)].count("nobody_free") == 1


async def test_a_call_that_may_not_go_anyway_is_no_news_of_destinations(lane, sql):
    await says(lane, FULL)
    await says(lane, FULL, by=CITY_311)
    await a_call_comes(lane, weapon=True)
    assert await told(sql) == []


async def test_it_is_asked_when_it_says_that_it_is_back(lane, sql):
    await says(lane, FULL)
    await says(lane, FULL, by=CITY_311)
    await a_call_comes(lane)
    await time_passes(lane)
    assert await asked(sql) == []
    await says(lane, ACTIVE)
    await time_passes(lane)
    assert await asked(sql) == OFFERED
    assert await sql.fetchval("select count(*) from decision") == 2


@pytest.mark.parametrize(
    ("event", "verdict"),
    [({"weapon": True}, "keep"), ({"kind": EventKind.CLOSED}, "keep"), ({"call_type": "?"}, "keep")],
)
async def test_a_call_that_may_not_go_any_more_is_not_asked_about_when_somebody_is_back(
    lane, sql, event, verdict
):
    await says(lane, FULL)
    await says(lane, FULL, by=CITY_311)
    await a_call_comes(lane)
    await a_call_comes(lane, offset=1, **{"kind": EventKind.CHANGED, **event})
    await says(lane, ACTIVE)
    await time_passes(lane)
    assert await asked(sql) == []
    assert await sql.fetchval("select verdict from incident") == verdict


async def test_a_call_of_long_ago_is_left_to_911(lane, sql):
    await says(lane, FULL)
    await says(lane, FULL, by=CITY_311)
    await a_call_comes(lane)
    await sql.execute("update incident set first_seen_at = first_seen_at - interval '61 minutes'")
    await says(lane, ACTIVE)
    await time_passes(lane)
    assert await asked(sql) == []


async def test_nobody_is_asked_after_the_calls_budget_is_over(lane, sql):
    await says(lane, FULL, by=CITY_311)
    await a_call_comes(lane)
    await lane.hears_in_turn(a_signal(S.DECLINED, reason="language"))
    await sql.execute("update incident set budget_until = clock_timestamp()")
    await says(lane, ACTIVE, by=CITY_311)
    await time_passes(lane)
    assert await asked(sql) == [(CRISIS_LINE, "declined")]


async def test_one_that_declined_for_want_of_room_is_asked_again_when_it_says_that_it_is_back(lane, sql):
    await says(lane, SaidState(staffed=False), by=CITY_311)
    await a_call_comes(lane)
    await lane.hears_in_turn(a_signal(S.DECLINED, reason="busy"))
    await time_passes(lane)
    assert await asked(sql) == [(CRISIS_LINE, "declined")]
    await says(lane, ACTIVE)
    await time_passes(lane)
    assert await asked(sql) == [(CRISIS_LINE, "declined"), *OFFERED]
    assert [row["attempt"] for row in await sql.fetch("select attempt from transfer order by 1")] == [1, 2]


async def test_one_that_declined_for_good_is_not_asked_again(lane, sql):
    await says(lane, SaidState(staffed=False), by=CITY_311)
    await a_call_comes(lane)
    await lane.hears_in_turn(a_signal(S.DECLINED, reason="language"))
    await says(lane, ACTIVE)
    await time_passes(lane)
    assert await asked(sql) == [(CRISIS_LINE, "declined")]


async def test_who_is_passed_over_as_the_next_is_told_and_asked_when_it_is_back(lane, sql):
    await a_call_comes(lane)
    await says(lane, FULL, by=CITY_311)
    await lane.hears_in_turn(a_signal(S.DECLINED, reason="language"))
    assert await asked(sql) == [(CRISIS_LINE, "declined")]
    (said,) = await told(sql)
    assert f"destination.full.{CITY_311}" in clauses_of(said)
    skipped = await sql.fetch("select clauses from audit where what = 'skipped'")
    assert [row["clauses"] for row in skipped] == [[f"destination.full.{CITY_311}"]]
    await says(lane, ACTIVE, by=CITY_311)
    await time_passes(lane)
    assert await asked(sql) == [(CRISIS_LINE, "declined"), *ELSEWHERE]


async def test_a_call_that_is_being_offered_stays_there_when_the_hotline_fills_up(lane, sql):
    await a_call_comes(lane)
    await says(lane, FULL)
    await says(lane, FULL, by=CITY_311)
    await a_call_comes(lane, offset=1, kind=EventKind.CHANGED, note="He sits down.")
    assert await asked(sql) == OFFERED
    assert [each.kind for each in await offers(sql)] == [OfferKind.OFFER, OfferKind.UPDATE]


# --- Heartbeats ----------------------------------------------------------------------------------


async def test_the_doctor_names_a_destination_that_is_silent(database, tmp_path):
    text = """
id = "line"
name = "Line"
channel = "kafka"
address = "line.offers"
heartbeat_seconds = 30
privacy = { fields = ["narrative"] }
"""
    (tmp_path / "line.toml").write_text(text)
    paths = Paths(tmp_path, tmp_path, tmp_path)
    settings = replace(Settings(), paths=paths, ledger=replace(Settings().ledger, dsn=database))
    (finding,) = await destinations_heard(settings)
    assert not finding.ok
    assert "line is not asked" in finding.what and "never" in finding.what
    async with a_lane(database, given=replace(rules(), destinations=load_destinations(tmp_path))) as lane:
        await says(lane, None, by="line")
    (finding,) = await destinations_heard(settings)
    assert finding.ok


async def test_a_decision_can_be_explained_with_who_could_not_be_asked_then(lane, sql):
    await says(lane, FULL)
    await a_call_comes(lane)
    said = await sql.fetchval("select clauses from decision")
    assert unable_by(said) == {CRISIS_LINE: clauses.DESTINATION_FULL}
