"""Destinations that fell silent, have no room or are away: heartbeats, capacity, windows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from building import (
    AGENCY,
    CITY_311,
    CRISIS_LINE,
    a_destination,
    a_heard_signal,
    a_policy,
    a_record,
    a_signal,
    an_event,
    rules,
    the_incident,
)
from destinations_say import (
    ACTIVE,
    FULL,
    SECOND,
    a_call_comes,
    asked,
    clauses_of,
    described,
    of_itself,
    says,
    sees_all_at_once,
    time_passes,
    told,
)
from hands import a_lane
from reading import inbox, offers

from bridge.domain.decision import Verdict
from bridge.domain.destination import Away
from bridge.domain.ids import DestinationId
from bridge.domain.message import ReturnKind
from bridge.domain.presence import SaidState
from bridge.domain.signal import SignalKind
from bridge.handling.end_waits import end_waits

S = SignalKind
OFFERED = [(CRISIS_LINE, "offered")]
ELSEWHERE = [(CITY_311, "offered")]


@pytest.fixture
async def lane(database):
    async with a_lane(database) as hands:
        yield hands


async def test_a_silent_destination_is_passed_over_until_it_is_heard(database, sql):
    async with a_lane(database, given=described(heartbeat_seconds=30.0)) as lane:
        await a_call_comes(lane)
        assert await asked(sql) == ELSEWHERE
        assert f"destination.silent.{CRISIS_LINE}" in await sql.fetchval("select clauses from decision")
        await says(lane, None)
        await a_call_comes(lane, "INV-2", 1)
        assert await asked(sql) == [*ELSEWHERE, *OFFERED]
        await sql.execute("update presence set heard_at = heard_at - interval '31 seconds'")
        lane.handling.presences.look_anew()
        await a_call_comes(lane, "INV-3", 2)
        assert (await asked(sql))[2:] == ELSEWHERE


async def test_a_heartbeat_that_lay_about_proves_nothing(database, sql):
    async with a_lane(database, given=described(heartbeat_seconds=30.0)) as lane:
        record = a_heard_signal(of_itself(None), 0)
        place = replace(record.inbox.place, produced_at=datetime.now(UTC) - timedelta(minutes=5))
        await lane.hears(replace(record, inbox=replace(record.inbox, place=place)))
        await a_call_comes(lane)
        assert await asked(sql) == ELSEWHERE


# --- What is heard -------------------------------------------------------------------------------


async def test_of_two_states_the_newer_counts_whatever_comes_first(lane, sql):
    now = datetime.now(UTC)
    await says(lane, FULL, said_at=now)
    await says(lane, ACTIVE, said_at=now - SECOND)
    await a_call_comes(lane)
    assert await asked(sql) == ELSEWHERE


async def test_nobody_says_it_for_somebody_else(lane, sql):
    await says(lane, FULL, by="911")
    await says(lane, FULL, by="nobody-knows-them")
    await a_call_comes(lane)
    assert await asked(sql) == OFFERED
    assert await sql.fetchval("select count(*) from presence") == 0
    assert {outcome for _, outcome in await inbox(sql, "hotline.signals")} == {"unknown_transfer"}


async def test_a_state_is_applied_once_and_leaves_no_incident(lane, sql):
    record = a_heard_signal(of_itself(FULL), 0)
    await lane.hears(record)
    await lane.hears(
        replace(record, inbox=replace(record.inbox, place=replace(record.inbox.place, offset=1)))
    )
    assert [outcome for _, outcome in await inbox(sql, "hotline.signals")] == ["applied", "duplicate"]
    assert await sql.fetchval("select count(*) from incident") == 0
    assert await sql.fetchval("select queue from presence") == "full"


async def test_another_lane_knows_it_too(database, lane, sql):
    async with a_lane(database, "b") as other:
        await says(lane, FULL)
        await a_call_comes(other)
    assert await asked(sql) == ELSEWHERE


# --- Room ----------------------------------------------------------------------------------------


async def test_one_turn_offers_no_more_calls_than_there_is_room(database, sql):
    async with a_lane(database, given=described(capacity=2)) as lane:
        await lane.reads(*(a_record(an_event(f"INV-{n}", f"e{n}"), n) for n in range(4)))
    assert sorted(await asked(sql)) == sorted(OFFERED * 2 + ELSEWHERE * 2)


async def test_the_next_turn_knows_what_the_last_one_offered_and_what_has_ended(database, sql):
    async with a_lane(database, given=described(capacity=1)) as lane:
        await a_call_comes(lane)
        await a_call_comes(lane, "INV-2", 1)
        assert await asked(sql) == [*OFFERED, *ELSEWHERE]
        await lane.hears_in_turn(a_signal(S.DECLINED, reason="language"))
        await a_call_comes(lane, "INV-3", 2)
    assert ("INV-3", CRISIS_LINE) in [
        (row["incident_key"].rpartition("/")[2], row["destination"])
        for row in await sql.fetch("select incident_key, destination from transfer")
    ]


async def test_two_lanes_do_not_fill_the_same_place_twice(database, sql):
    given = described(capacity=1)
    async with a_lane(database, given=given) as one, a_lane(database, "b", given=given) as two:
        await a_call_comes(one)
        await a_call_comes(sees_all_at_once(two), "INV-2", 1)
    assert await asked(sql) == [*OFFERED, *ELSEWHERE]


async def test_a_call_that_found_no_room_is_asked_about_when_there_is_some(database, sql):
    given = described(capacity=1)
    given = replace(given, policies={AGENCY: (a_policy(route=(CRISIS_LINE,)),)})
    async with a_lane(database, given=given) as lane:
        await a_call_comes(lane)
        await a_call_comes(lane, "INV-2", 1)
        await time_passes(lane)
        assert await asked(sql) == OFFERED
        await lane.hears_in_turn(a_signal(S.RECALLED, by="911", reason="caution"))
        await time_passes(lane)
    assert await asked(sql) == [(CRISIS_LINE, "recalled"), *OFFERED]


async def test_practice_takes_no_room(database, sql):
    given = described(capacity=1, practice_address="practice.offers")
    async with a_lane(database, given=given) as lane:
        await a_call_comes(lane, practice=True)
        await a_call_comes(lane, "INV-2", 1)
    assert await asked(sql) == OFFERED * 2


# --- Windows, waits, teams, confirmation ---------------------------------------------------------


@pytest.mark.parametrize(("begins", "ends", "passed"), [(-1, 1, True), (1, 2, False), (-2, -1, False)])
async def test_a_window_of_its_file_is_kept(database, sql, begins, ends, passed):
    now, hour = datetime.now(UTC), timedelta(hours=1)
    window = Away(now + begins * hour, now + ends * hour)
    async with a_lane(database, given=described(away=(window,))) as lane:
        await a_call_comes(lane)
    assert await asked(sql) == (ELSEWHERE if passed else OFFERED)


async def test_a_window_that_it_said_ends_by_itself(lane, sql):
    now = datetime.now(UTC)
    await says(lane, SaidState(away_from=now - SECOND, away_until=now + timedelta(hours=1)))
    await says(lane, FULL, by=CITY_311)
    await a_call_comes(lane)
    await time_passes(lane)
    assert await asked(sql) == []
    await sql.execute("update presence set away_until = clock_timestamp() where away_until is not null")
    await time_passes(lane)
    assert await asked(sql) == OFFERED


async def test_the_caller_is_told_the_wait_that_the_hotline_states(lane, sql):
    await says(lane, SaidState(stated_wait=600.0))
    await a_call_comes(lane)
    (said,) = await told(sql, ReturnKind.OFFERED)
    assert "about 10 min" in said.say


async def test_teams_that_cannot_be_asked_are_not_told_and_the_others_are(database, sql):
    both, one, two = (DestinationId(name) for name in ("teams", "team-1", "team-2"))
    vans = {name: a_destination(name) for name in (one, two)}
    given = replace(
        rules(),
        policies={AGENCY: (a_policy(route=(both,)),)},
        destinations={both: replace(a_destination(both), teams=(one, two)), **vans},
    )
    async with a_lane(database, given=given) as lane:
        await says(lane, FULL, by=one)
        await a_call_comes(lane, on_the_line=False)
        assert [each.destination for each in await offers(sql)] == [two]
        await says(lane, FULL, by=two)
        await a_call_comes(lane, "INV-2", 1, on_the_line=False)
    (said,) = await told(sql)
    assert f"destination.full.{both}" in clauses_of(said)


@pytest.mark.parametrize(
    ("confirm", "call_type", "state"),
    [
        (("recommend", "review"), "31", "proposed"),
        (("review",), "31", "offered"),
        (("recommend", "review"), "46", "offered"),
        (("offer", "recommend", "review"), "46", "proposed"),
    ],
)
async def test_the_policy_says_what_a_call_taker_confirms(database, sql, confirm, call_type, state):
    policy = replace(a_policy(), confirm=frozenset(map(Verdict, confirm)))
    async with a_lane(database, given=replace(rules(), policies={AGENCY: (policy,)})) as lane:
        await a_call_comes(lane, call_type=call_type)
    assert await asked(sql) == [(CRISIS_LINE, state)]


# --- What operators see --------------------------------------------------------------------------


async def test_the_metrics_say_how_each_destination_is(lane):
    await says(lane, FULL)
    await time_passes(lane)
    shown = lane.handling.metrics.exposition().decode()
    assert f'bridge_destination_able{{destination="{CRISIS_LINE}"}} 0.0' in shown
    assert f'bridge_destination_able{{destination="{CITY_311}"}} 1.0' in shown
    assert f'bridge_destination_queue{{destination="{CRISIS_LINE}",state="full"}} 1.0' in shown
    assert f'bridge_destination_heard_timestamp_seconds{{destination="{CITY_311}"}} 0.0' in shown


async def test_a_deadline_that_finds_the_next_one_full_leaves_the_call_with_911(lane, sql):
    await a_call_comes(lane)
    await says(lane, FULL, by=CITY_311)
    await sql.execute("update transfer set deadline = clock_timestamp()")
    await end_waits(lane.handling)
    assert await asked(sql) == [(CRISIS_LINE, "expired")]
    assert len(await told(sql)) == 1
    assert await sql.fetchval("select holder from incident where incident_key = $1", the_incident()) == "911"
