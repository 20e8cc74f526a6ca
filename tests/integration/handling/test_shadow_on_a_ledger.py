"""A shadow policy decides beside the one in force: it is counted and kept, and nobody is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from building import AGENCY, CITY_311, a_policy, a_record, a_signal, an_event, rules, the_incident
from hands import Lane, a_lane
from reading import messages

from bridge.cli.policy_shadow import lines
from bridge.domain.cad import EventKind
from bridge.domain.decision import Verdict
from bridge.domain.ids import AgencyId
from bridge.domain.policy import Policy, Where
from bridge.domain.signal import SignalKind
from bridge.handling.context import Rules
from bridge.ledger.shadows import ClauseCount, VerdictCount, shadow_summary

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def on_trial(**differs: object) -> Policy:
    """A policy of another name that recommends what the one in force offers."""
    live = a_policy()
    scope = tuple(replace(clause, verdict=Verdict.RECOMMEND, route=(CITY_311,)) for clause in live.scope)
    named = {"name": "trial", "version": "7", "scope": scope, "digest": "t" * 16}
    return replace(live, **(named | differs))  # type: ignore[arg-type]


def beside(policy: Policy, agency: AgencyId = AGENCY) -> Rules:
    return replace(rules(), shadow={agency: (policy,)})


def shown(lane: Lane, line: str) -> bool:
    return f"\n{line}\n" in lane.handling.metrics.exposition().decode()


async def an_evening(lane: Lane) -> None:
    """An offered call, a note on it, one that stays, and a hotline that declines."""
    await lane.reads(a_record(an_event(), 0), a_record(an_event("INV-2", "e2", weapon=True), 1))
    await lane.reads(a_record(an_event("INV-1", "e3", kind=EventKind.NOTE_ADDED), 2))
    await lane.hears_in_turn(a_signal(SignalKind.DECLINED, reason="full"))


async def test_each_decision_has_the_shadows_beside_it(database, sql):
    async with a_lane(database, given=beside(on_trial())) as lane:
        await an_evening(lane)
    rows = await sql.fetch(
        "select incident_key, s.version, s.live_verdict = d.verdict, s.verdict, s.policy, s.policy_version,"
        " s.policy_digest, s.decided_at = d.decided_at"
        " from shadow_decision s join decision d using (incident_key, version, decided_at) order by 1, 2"
    )
    first, second = the_incident(), the_incident("INV-2")
    trial = ("trial", "7", "t" * 16, True)
    assert rows == [
        (first, 1, True, "recommend", *trial),
        (first, 2, True, "recommend", *trial),
        (second, 1, True, "keep", *trial),
    ]
    assert shown(lane, 'bridge_shadow_decisions_total{live="offer",shadow="recommend"} 2.0')
    assert shown(lane, 'bridge_shadow_decisions_total{live="keep",shadow="keep"} 1.0')


async def test_what_is_sent_is_what_is_sent_without_a_shadow(world, template, database, sql):
    import asyncpg

    world.postgres.create_database("without_shadow", template=template)
    try:
        async with a_lane(database, given=beside(on_trial())) as lane:
            await an_evening(lane)
        async with a_lane(world.postgres.dsn("without_shadow")) as alone:
            await an_evening(alone)
        other = await asyncpg.connect(world.postgres.dsn("without_shadow"))
        assert told(await messages(sql)) == told(await messages(other))
        await other.close()
    finally:
        world.postgres.drop_database("without_shadow")


def told(sent: list[object]) -> list[tuple[str, str]]:
    return [(type(one).__name__, str(getattr(one, "kind", getattr(one, "change", "")))) for one in sent]


async def test_without_a_shadow_of_this_agency_or_in_force_there_is_nothing_to_write(database, sql):
    later = on_trial(effective=datetime.now(UTC) + timedelta(days=1))
    for number, given in enumerate((rules(), beside(on_trial(), AgencyId("other")), beside(later))):
        async with a_lane(database, given=given) as lane:
            await lane.reads(a_record(an_event(f"INV-{number}", f"e{number}"), number))
    assert await sql.fetchval("select count(*) from decision") == 3
    assert await sql.fetchval("select count(*) from shadow_decision") == 0


async def test_a_shadow_that_sets_off_an_error_costs_no_call_anything(database, sql):
    broken = on_trial(where=Where(areas=frozenset({"an area that nobody loaded"})))
    async with a_lane(database, given=beside(broken)) as lane:
        await an_evening(lane)
    assert await sql.fetchval("select count(*) from decision") == 3
    assert await sql.fetchval("select count(*) from transfer") == 2
    assert await sql.fetchval("select count(*) from shadow_decision") == 0
    assert shown(lane, 'bridge_shadow_lost_total{why="defect"} 3.0')


async def test_a_ledger_that_does_not_take_the_shadows_rows_has_all_others(database, sql):
    async with a_lane(database, given=beside(on_trial())) as lane:
        await sql.execute("alter table shadow_decision add constraint nothing check (version < 0)")
        await an_evening(lane)
    assert await sql.fetchval("select count(*) from decision") == 3
    assert len(lane.post.messages) == await sql.fetchval("select count(*) from outbox")
    assert shown(lane, 'bridge_shadow_lost_total{why="ledger"} 3.0')


async def test_the_comparison_counts_verdicts_and_names_the_clauses_behind_a_difference(database):
    trial = on_trial(scope=tuple(replace(clause, id=f"new-{clause.id}") for clause in on_trial().scope))
    async with a_lane(database, given=beside(trial)) as lane:
        await an_evening(lane)
    summary = await shadow_summary(database, LONG_AGO)
    assert summary.verdicts == [
        VerdictCount("trial", "7", "offer", "recommend", 2),
        VerdictCount("trial", "7", "keep", "keep", 1),
    ]
    assert summary.clauses == [
        ClauseCount("trial", "7", "live", "crisis", 2),
        ClauseCount("trial", "7", "shadow", "new-crisis", 2),
    ]
    later = await shadow_summary(database, datetime.now(UTC) + timedelta(hours=1))
    assert (later.verdicts, later.clauses) == ([], [])


async def test_the_shadow_is_told_beside_what_was_decided(database):
    async with a_lane(database, given=beside(on_trial())) as lane:
        await an_evening(lane)
    told = list(lines(await shadow_summary(database, LONG_AGO)))
    assert told[0] == "trial 7: 3 decisions, 1 the same (33%)"
    assert told[1].split() == ["2", "decided", "offer,", "the", "shadow", "says", "recommend"]
