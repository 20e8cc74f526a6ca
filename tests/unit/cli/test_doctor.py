"""The doctor: every check answers, nothing is hidden by another, and wrong ends with 1."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.cli import doctor
from bridge.cli.checks import (
    Finding,
    ledger_fits,
    pinned_versions,
    rules_load,
    schemas_load,
    secrets_hidden,
)
from bridge.errors import SettingsError
from bridge.settings import Paths, Settings

DEPLOY = Path(__file__).parents[3] / "deploy"


async def well() -> Sequence[Finding]:
    """A check that finds everything in order."""
    return [Finding(True, "well")]


async def refuses() -> Sequence[Finding]:
    """A check that meets two mistakes."""
    raise SettingsError("a.toml: x: too long; shorten it\na.toml: y: missing; set it")


async def never_answers() -> Sequence[Finding]:
    """A check of something that hangs."""
    await asyncio.Event().wait()
    return []


async def test_each_check_answers_in_its_place_whatever_the_others_do():
    checks = [("a", well), ("b", refuses), ("c", never_answers), ("d", well)]
    found = await doctor.examine(checks, longest=0.1)
    assert [finding.ok for finding in found] == [True, False, False, False, True]
    assert found[1] == Finding(False, "b: a.toml: x: too long", "shorten it")
    assert found[3].what.startswith("c: no answer")


async def test_a_ledger_that_is_gone_is_a_finding(tmp_path):
    ledger = replace(Settings().ledger, dsn=f"postgresql://nobody@/bridge?host={tmp_path}", key=bytes(32))
    (finding,) = await doctor.examine([("ledger", lambda: ledger_fits(replace(Settings(), ledger=ledger)))])
    assert not finding.ok and "is not answering" in finding.what


async def test_rules_are_loaded_as_a_worker_would_and_each_fault_is_a_finding(tmp_path):
    for name in ("policies", "destinations"):
        shutil.copytree(DEPLOY / name, tmp_path / name)
    paths = Paths(tmp_path / "policies", tmp_path / "destinations", DEPLOY / "words", tmp_path / "trial")
    settings = replace(Settings(), paths=paths)
    (tmp_path / "trial").mkdir()
    assert all(finding.ok for finding in await rules_load(settings))
    (tmp_path / "trial" / "a.toml").write_text("x =")
    assert [finding.what for finding in await rules_load(settings) if not finding.ok] == [
        f"shadow: {tmp_path}/trial/a.toml: is not TOML (Invalid value (at end of document))"
    ]
    (tmp_path / "destinations" / "city-311.toml").unlink()
    wrong = [finding for finding in await rules_load(settings) if not finding.ok]
    assert wrong and all(finding.what.startswith("rules: ") and finding.remedy for finding in wrong)


async def test_a_key_that_everybody_can_read_is_wrong(tmp_path):
    key = tmp_path / "key"
    key.write_text("x")
    ledger = replace(Settings().ledger, key=bytes(32), key_file=key)
    settings = replace(Settings(), ledger=ledger)
    key.chmod(0o644)
    assert [finding.remedy for finding in await secrets_hidden(settings)] == [f"chmod 0600 {key}"]
    key.chmod(0o600)
    assert all(finding.ok for finding in await secrets_hidden(settings))
    key.unlink()
    assert not (await secrets_hidden(settings))[0].ok


async def test_without_a_key_nothing_can_be_stored():
    (finding,) = await secrets_hidden(Settings())
    assert not finding.ok and "BRIDGE_LEDGER__KEY" in finding.remedy


async def test_the_libraries_and_schemas_of_this_checkout_are_well():
    assert all(finding.ok for finding in [*await pinned_versions(), *await schemas_load()])


@pytest.mark.parametrize(
    ("check", "status", "lines"),
    [
        (well, 0, ["ok     well"]),
        (refuses, 1, ["wrong  c: a.toml: x: too long; shorten it", "wrong  c: a.toml: y: missing; set it"]),
    ],
)
async def test_something_wrong_ends_with_1_and_is_told_on_a_line_and_in_a_table(check, status, lines):
    found = await doctor.examine([("c", check)])
    assert doctor.exit_status(found) == status
    assert list(doctor.lines_of(found)) == lines
    assert doctor.table_of(found).row_count == len(lines)
