"""A call that waits is screened again by itself, once, by the database's clock; and nothing else is."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from building import (
    AGENCY,
    CITY_311,
    CRISIS_LINE,
    a_policy,
    a_record,
    a_signal,
    an_event,
    rules,
    the_incident,
    the_transfer,
)
from hands import Lane, a_lane, time_goes_by
from reading import messages, returns, statuses, transfers
from test_a_ledger_that_goes_away import cutting

from bridge.cli.show import lines_of
from bridge.domain.cad import CadEvent, EventKind, Unit, UnitStatus
from bridge.domain.decision import Verdict
from bridge.domain.ids import ClauseId
from bridge.domain.message import ReturnKind
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import ScopeClause
from bridge.domain.signal import SignalKind
from bridge.errors import LedgerLostError
from bridge.handling.context import Rules
from bridge.handling.screen_again import AT_ONCE, screen_again
from bridge.ledger.history import history
from bridge.ledger.shadows import VerdictCount, shadow_summary
from bridge.ledger.statements import statement

S = SignalKind


def a_wait(minutes: int, call_type: str = "WAITS", verdict: Verdict = Verdict.RECOMMEND) -> ScopeClause:
    return ScopeClause(
        id=ClauseId(f"waited-{minutes}"),
        sentence="Nobody was sent.",
        verdict=verdict,
        call_types=frozenset({call_type}),
        waiting_minutes=minutes,
        route=(CITY_311,),
    )


def waiting(*clauses: ScopeClause) -> Policy:
    town = a_policy(route=(CRISIS_LINE,))
    return replace(town, scope=(*town.scope, *(clauses or (a_wait(15),))))


def ruled(policy: Policy | None = None) -> Rules:
    return replace(rules(), policies={AGENCY: (policy or waiting(),)})


def a_call(incident: str = "INV-1", event: str = "e1", **facts: object) -> CadEvent:
    return replace(an_event(incident, event, call_type="WAITS"), **facts)  # type: ignore[arg-type]


@pytest.fixture
async def lane(database):
    async with a_lane(database, given=ruled()) as hands:
        yield hands


async def decisions(sql) -> list[tuple[int, int, str, int | None]]:
    """Every decision: version, screening, verdict and the offset of the event that asked for it."""
    rows = await sql.fetch(
        "select version, screening, verdict, record_offset from decision"
        " order by incident_key, version, screening"
    )
    return [tuple(row) for row in rows]


async def sound(sql) -> bool:
    """Whether each screening has its decision, and each event."""
    return not await sql.fetch(statement("verify_2"), "cad.events")


async def test_a_call_to_which_nobody_was_sent_is_recommended_without_an_event(lane, sql):
    event = a_call()
    await lane.reads(a_record(event, 0))
    again_at = await sql.fetchval("select again_at from incident")
    assert again_at == event.at + timedelta(minutes=15)
    await time_goes_by(sql, 14)
    assert await screen_again(lane.handling) == 0
    assert await transfers(sql) == []

    await time_goes_by(sql, 1)
    assert await screen_again(lane.handling) == 1
    assert await decisions(sql) == [(1, 1, "keep", 0), (1, 2, "recommend", None)]
    assert await transfers(sql) == [(the_transfer(), CITY_311, "proposed", "911")]
    assert [told.kind for told in await returns(sql)] == [ReturnKind.RECOMMENDATION]
    changes = [told.change for told in await statuses(sql)]
    assert changes == ["decided", "decided", "transfer.proposed"]
    assert len(lane.post.messages) == len(await messages(sql)) == 4

    assert await screen_again(lane.handling) == 0
    assert await sql.fetchval("select again_at from incident") is None
    assert await sound(sql) and not any((await lane.ledger.gauges()).broken.values())


async def test_what_happens_next_is_the_next_version(lane, sql):
    await lane.reads(a_record(a_call(), 0))
    await time_goes_by(sql, 15)
    await screen_again(lane.handling)
    await lane.hears_in_turn(a_signal(S.CONFIRMED, by="911"))
    await lane.reads(a_record(a_call(event="e2", kind=EventKind.NOTE_ADDED), 1))
    assert await decisions(sql) == [(1, 1, "keep", 0), (1, 2, "recommend", None), (2, 1, "recommend", 1)]
    assert await transfers(sql) == [(the_transfer(), CITY_311, "offered", "911")]
    assert await sound(sql)


LEFT_ALONE = {
    "a unit is on its way": {"kind": EventKind.UNIT_STATUS, "units": (Unit("A1", UnitStatus.EN_ROUTE),)},
    "the call is closed": {"kind": EventKind.CLOSED},
}


@pytest.mark.parametrize("said", LEFT_ALONE.values(), ids=LEFT_ALONE)
async def test_a_call_that_does_not_wait_any_more_is_left_alone(lane, sql, said: Mapping[str, object]):
    await lane.reads(a_record(a_call(), 0))
    await lane.reads(a_record(a_call(event="e2", **said), 1))
    assert await sql.fetchval("select again_at from incident") is None
    await time_goes_by(sql, 15)
    assert await screen_again(lane.handling) == 0
    assert len(await decisions(sql)) == 2


async def test_a_purged_call_is_left_alone(lane, sql):
    await lane.reads(a_record(a_call(), 0))
    await time_goes_by(sql, 15)
    await sql.execute("update incident set data_key = null")
    assert await screen_again(lane.handling) == 0


async def test_while_somebody_is_asked_nothing_is_screened_and_afterwards_it_is(database, sql):
    policy = waiting(replace(a_wait(15, "46"), route=(CRISIS_LINE,)))
    async with a_lane(database, given=ruled(policy)) as lane:
        await lane.reads(a_record(an_event(), 0))
        await time_goes_by(sql, 15)
        assert await screen_again(lane.handling) == 0
        await lane.hears_in_turn(a_signal(S.DECLINED, reason="full"))
        assert await screen_again(lane.handling) == 1
    assert await decisions(sql) == [(1, 1, "offer", 0), (1, 2, "recommend", None)]
    assert await transfers(sql) == [(the_transfer(), CRISIS_LINE, "declined", "911")]  # none is asked twice


async def test_once_a_person_decided_time_changes_nothing(database, sql):
    async with a_lane(database, given=ruled(waiting(a_wait(15, "46")))) as lane:
        await lane.reads(a_record(an_event(), 0))
        await lane.hears_in_turn(a_signal(S.WITHDRAWN, by="911"))
        assert await sql.fetchval("select settled from incident")
        await time_goes_by(sql, 15)
        assert await screen_again(lane.handling) == 0


async def test_each_clause_has_its_time(database, sql):
    reviewed = [replace(a_wait(minutes, verdict=Verdict.REVIEW), route=()) for minutes in (15, 30)]
    policy = waiting(*reviewed, a_wait(45, "OTHER"))  # for people to look at: nobody is asked
    async with a_lane(database, given=ruled(policy)) as lane:
        await lane.reads(a_record(a_call(), 0))
        for screened in (1, 1, 0):
            await time_goes_by(sql, 15)
            assert await screen_again(lane.handling) == screened
    rows = [row[1:3] for row in await decisions(sql)]
    assert rows == [(1, "keep"), (2, "review"), (3, "review")]
    clauses = await sql.fetchval("select clauses from decision where screening = 3")
    assert [clause for clause in clauses if clause.startswith("waited")] == ["waited-15", "waited-30"]
    assert await sound(sql)


async def test_a_worker_that_comes_later_finds_what_waits(database, sql):
    async with a_lane(database, given=ruled()) as gone:
        await gone.reads(a_record(a_call(), 0))
    await time_goes_by(sql, 60)
    async with a_lane(database, "b", given=ruled()) as lane:
        assert await screen_again(lane.handling) == 1
    assert await sql.fetch("select lane from decision order by screening") == [("a",), ("b",)]


async def test_the_policy_in_force_then_decides(database, sql):
    async with a_lane(database, given=ruled()) as before:
        await before.reads(a_record(a_call(), 0))
    await time_goes_by(sql, 15)
    async with a_lane(database, given=ruled(replace(waiting(a_wait(20)), version="2"))) as lane:
        assert await screen_again(lane.handling) == 1
        await time_goes_by(sql, 5)
        assert await screen_again(lane.handling) == 1
    rows = await sql.fetch("select verdict, policy_version from decision order by screening")
    assert rows == [("keep", "1"), ("keep", "2"), ("recommend", "2")]


async def test_workers_that_screen_at_once_screen_each_call_once(database, sql):
    calls, given = AT_ONCE + 10, ruled()
    async with (
        a_lane(database, given=given) as one,
        a_lane(database, given=given) as same_lane,
        a_lane(database, "b", given=given) as other,
    ):
        await one.reads(*(a_record(a_call(f"INV-{n}", f"e{n}"), n) for n in range(calls)))
        await time_goes_by(sql, 15)
        workers, screened = (one, same_lane, other), 0
        async with asyncio.timeout(30):
            while screened < calls:
                at_once = await asyncio.gather(*(screen_again(each.handling) for each in workers))
                assert max(at_once) <= AT_ONCE
                screened += sum(at_once)
    assert screened == calls
    assert await sql.fetchval("select count(*) from decision where screening = 2") == calls
    assert await sql.fetchval("select max(screening) from decision") == 2
    assert await sql.fetchval("select count(*) from transfer where state = 'proposed'") == calls
    assert await sound(sql)


async def test_a_call_that_somebody_works_on_holds_up_no_other(lane, sql):
    await lane.reads(*(a_record(a_call(f"INV-{n}", f"e{n}"), n) for n in range(2)))
    await time_goes_by(sql, 15)
    async with sql.transaction():
        await sql.execute("select 1 from incident where incident_key = $1 for update", the_incident("INV-0"))
        assert await screen_again(lane.handling) == 1
    assert await screen_again(lane.handling) == 1


async def test_a_screening_whose_commit_goes_unheard_happened_once(database, sql):
    async with cutting(database) as way, a_lane(way.dsn, given=ruled()) as hands:
        await hands.reads(a_record(a_call(), 0))
        await time_goes_by(sql, 15)
        way.cut_next()
        with pytest.raises(LedgerLostError):
            await screen_again(hands.handling)
        assert await screen_again(hands.handling) == 0
    assert await decisions(sql) == [(1, 1, "keep", 0), (1, 2, "recommend", None)]


async def test_a_policy_on_trial_decides_beside_it_each_time(database, sql):
    trial = replace(waiting(a_wait(15, verdict=Verdict.REVIEW)), name="trial", version="7")
    async with a_lane(database, given=replace(ruled(), shadow={AGENCY: (trial,)})) as lane:
        event = a_call()
        await lane.reads(a_record(event, 0))
        await time_goes_by(sql, 15)
        await screen_again(lane.handling)
    summary = await shadow_summary(database, event.at - timedelta(days=1))
    assert set(summary.verdicts) == {
        VerdictCount("trial", "7", "keep", "keep", 1),
        VerdictCount("trial", "7", "recommend", "review", 1),
    }
    assert summary.clauses == []


async def test_the_time_line_says_that_nobody_said_anything(lane, database, sql):
    await lane.reads(a_record(a_call(), 0))
    await time_goes_by(sql, 15)
    await screen_again(lane.handling)
    found = await history(database, the_incident())
    assert found is not None
    first, second = (line for line in lines_of(found) if " decided: " in line)
    assert "keep for version 1, policy town 1, scope.not_met (open)" in first
    assert "recommend for version 1, nothing new, time went by, policy town 1, waited-15 (for)" in second


async def test_what_no_event_asked_for_is_no_delay_of_an_event(lane, sql):
    await lane.reads(a_record(a_call(), 0))
    await time_goes_by(sql, 15)
    await screen_again(lane.handling)
    assert shown(lane, 'bridge_decisions_total{verdict="recommend"} 1.0')
    assert shown(lane, "bridge_event_to_decision_seconds_count 1.0")


def shown(lane: Lane, line: str) -> bool:
    return f"\n{line}\n" in lane.handling.metrics.exposition().decode()
