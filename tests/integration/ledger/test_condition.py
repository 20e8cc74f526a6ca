"""What the doctor says of a ledger: one that can be worked with, and all that can be wrong with one."""

import uuid
from dataclasses import replace

import pytest
from building import a_record, an_event

from bridge.cli.checks import ledger_fits, wrong_with
from bridge.errors import LedgerError
from bridge.ledger.condition import Condition
from bridge.settings import Settings


def settings_for(dsn: str, *, key: bytes = b"k" * 32, key_id: str = "k1") -> Settings:
    return replace(Settings(), ledger=replace(Settings().ledger, dsn=dsn, key=key, key_id=key_id))


async def remedies(settings: Settings) -> list[str]:
    return [finding.remedy for finding in await ledger_fits(settings) if not finding.ok]


async def test_a_ledger_that_can_be_worked_with(database, lane):
    await lane.reads(a_record(an_event(), 0))
    (finding,) = await ledger_fits(settings_for(database))
    assert finding.ok and finding.what.startswith("ledger: PostgreSQL ")


async def test_a_ledger_without_rows_or_without_our_key_is_no_trouble_of_its_own(database):
    assert await remedies(settings_for(database)) == []
    assert await remedies(replace(Settings(), ledger=replace(Settings().ledger, dsn=database))) == []


async def test_a_database_that_is_no_ledger_yet_wants_migrating(world):
    name = f"empty_{uuid.uuid4().hex[:8]}"
    world.postgres.create_database(name)
    try:
        assert await remedies(settings_for(world.postgres.dsn(name))) == ["run `bridge migrate`"]
    finally:
        world.postgres.drop_database(name)


@pytest.mark.parametrize("wrong", [{"key": b"x" * 32}, {"key_id": "k2"}], ids=["other key", "other name"])
async def test_a_key_that_does_not_open_the_newest_row_is_found_before_work_begins(database, lane, wrong):
    await lane.reads(a_record(an_event(), 0))
    (remedy,) = await remedies(settings_for(database, **wrong))
    assert "ledger.key_file" in remedy


async def test_a_ledger_that_cannot_be_written_to_is_found(database, sql):
    name = await sql.fetchval("select current_database()")
    await sql.execute(f'alter database "{name}" set default_transaction_read_only = on')
    (remedy,) = await remedies(settings_for(database))
    assert "primary" in remedy


async def test_a_ledger_of_a_newer_bridge_is_refused(database, sql):
    await sql.execute("insert into migration (number, name, sha256) values (9999, 'later', '')")
    with pytest.raises(LedgerError, match="upgrade the bridge"):
        await ledger_fits(settings_for(database))


async def test_a_migration_that_was_edited_after_it_was_applied_is_refused(database, sql):
    await sql.execute("update migration set sha256 = '' where number = 1")
    with pytest.raises(LedgerError, match="edited"):
        await ledger_fits(settings_for(database))


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"version": "13.2", "version_number": 130002}, "too old"),
        ({"clock_ahead_seconds": -1.5}, "clock is -1.5 s"),
        ({"clock_ahead_seconds": 90.0}, "clock is +90.0 s"),
        ({"writable": False}, "cannot be written to"),
    ],
)
def test_each_thing_that_is_wrong_is_said_with_its_remedy(wrong, what):
    well = Condition("18.1", 180001, True, (), 0.0, None)
    assert list(wrong_with(well, "k1")) == []
    ((said, remedy),) = wrong_with(replace(well, **wrong), "k1")
    assert what in said and remedy
