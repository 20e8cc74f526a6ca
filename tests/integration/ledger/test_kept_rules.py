"""The ledger keeps every version of the rules that decided, whole, and knows who decides by which."""

import asyncio
import hashlib
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest
from building import a_policy, a_record, an_event, rules
from hands import a_lane

from bridge.errors import LedgerError, LedgerRefusedError
from bridge.ledger.migrate import migrate, migrations
from bridge.ledger.rules import RulesVersion, keep_rules, newest_rules, rules_version, running_rules


def a_version(content: bytes) -> RulesVersion:
    return RulesVersion(hashlib.sha256(content).hexdigest(), content, [a_policy()], [a_policy()])


ONE, OTHER = a_version(b"one" * 1000), a_version(b"other")


async def test_a_version_is_kept_once_with_its_policies_and_every_loading_is_noted(lane, sql):
    for version in (ONE, OTHER, ONE):
        await keep_rules(lane.ledger, version)
    assert await sql.fetchval("select count(*) from rules_version") == 2
    assert await sql.fetch(
        "select part, agency, name, version from policy_version order by rules_digest, part"
    ) == [(part, a_policy().agency, "town", "1") for part in ("live", "shadow", "live", "shadow")]
    assert await sql.fetch("select digest from rules_loaded order by number") == [
        (ONE.digest,), (OTHER.digest,), (ONE.digest,),
    ]  # fmt: skip


async def test_what_was_kept_comes_back_by_its_name_or_the_beginning_of_it(database, lane):
    await asyncio.gather(keep_rules(lane.ledger, ONE), keep_rules(lane.ledger, ONE))
    await keep_rules(lane.ledger, OTHER)
    assert await rules_version(database, ONE.digest) == ONE.content
    assert await rules_version(database, OTHER.digest[:12]) == OTHER.content
    assert await newest_rules(database) == OTHER.content


@pytest.mark.parametrize(("name", "said"), [("", "two versions"), ("no such", "no version")])
async def test_a_name_that_means_none_or_two_is_refused(database, lane, name, said):
    await keep_rules(lane.ledger, ONE)
    await keep_rules(lane.ledger, OTHER)
    with pytest.raises(LedgerError, match=said):
        await rules_version(database, name)


async def test_rules_under_the_name_of_others_are_refused(lane):
    with pytest.raises(LedgerRefusedError) as refused:
        await keep_rules(lane.ledger, RulesVersion(ONE.digest, b"what", [], []))
    assert refused.value.constraint == "rules_version_digest_is_of_content"


async def test_only_workers_that_run_are_said_to_run_and_by_what_they_loaded_last(database, lane):
    async with a_lane(database, "b") as other:
        await keep_rules(other.ledger, ONE)
        await keep_rules(lane.ledger, ONE)
        await keep_rules(lane.ledger, OTHER)
        found = {one.lane: one.digest for one in await running_rules(database)}
        assert found == {"a": OTHER.digest, "b": ONE.digest}


async def test_who_has_gone_is_no_longer_said_to_run(database):
    async with a_lane(database) as gone:
        await keep_rules(gone.ledger, ONE)
    async with asyncio.timeout(10):
        while await running_rules(database):  # noqa: ASYNC110 - the server notices by itself
            await asyncio.sleep(0.05)


async def test_a_ledger_that_knows_no_rules_yet_has_none(database):
    assert await newest_rules(database) is None
    assert await running_rules(database) == []


async def test_each_decision_names_the_rules_that_made_it(database, sql):
    await a_decision(database, "INV-1", 0, ONE)
    await a_decision(database, "INV-2", 1, OTHER)
    rows = await sql.fetch("select rules_digest from decision order by incident_key")
    assert rows == [(ONE.digest,), (OTHER.digest,)]


async def a_decision(dsn: str, incident: str, offset: int, version: RulesVersion) -> None:
    """One call, decided by these rules."""
    async with a_lane(dsn, given=replace(rules(), digest=version.digest)) as hands:
        await keep_rules(hands.ledger, version)
        await hands.reads(a_record(an_event(incident, incident), offset))


async def test_a_ledger_of_the_first_shape_goes_on_with_all_that_it_has(world):
    name = f"old_{uuid.uuid4().hex[:8]}"
    world.postgres.create_database(name)
    dsn = world.postgres.dsn(name)
    try:
        await of_the_first_shape(dsn, decisions=1000)
        assert [step.number for step in await migrate(dsn)] == [2, 3, 4, 5, 6, 7, 8]
        async with a_lane(dsn) as hands:
            await hands.reads(a_record(an_event(), 5))
        sql = await asyncpg.connect(dsn)
        assert await sql.fetchval("select count(*) from decision where rules_digest = ''") == 1001
        assert await sql.fetchval("select count(*) from decision where screening = 1") == 1001
        await sql.close()
        assert await migrate(dsn) == ()
    finally:
        world.postgres.drop_database(name)


async def of_the_first_shape(dsn: str, *, decisions: int) -> None:
    """A ledger as the version before made it, with decisions in it."""
    first = migrations()[0]
    sql = await asyncpg.connect(dsn)
    await sql.execute(
        "create table migration (number int primary key, name text not null, sha256 bytea not null,"
        " applied_at timestamptz not null default clock_timestamp())"
    )
    await sql.execute(first.text)
    await sql.execute("insert into migration values ($1, $2, $3)", first.number, first.name, first.sha256)
    await sql.execute(
        "insert into decision select 'a/' || n, 1, 'keep', '{x}', '{open}', 'p', '1', '', '{}', 't', 0, n,"
        " 'a', $1, $1 from generate_series(1, $2::int) n",
        datetime.now(UTC),
        decisions,
    )
    await sql.close()
