"""`bridge policy check`: errors and findings as people and scripts see them, and which types are covered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge import cli

ROOT = Path(__file__).parents[3]
DALLAS = ROOT / "deploy" / "policies" / "dallas.toml"
LINES = ROOT / "deploy" / "destinations"


def check(*arguments: str) -> tuple[int, list[str]]:
    """Exit status and lines of the command, with the destinations and words of the repository."""
    given = ["--config", str(ROOT / "bridge.toml"), "policy", "check", *arguments]
    done = CliRunner().invoke(cli.app, given, catch_exceptions=False)
    return done.exit_code, done.stdout.splitlines()


def test_findings_are_told_and_stop_nothing_but_with_strict() -> None:
    status, lines = check(str(DALLAS))
    assert status == 0
    assert lines[-1].startswith("1 policies load, 0 errors, ")
    assert f"finding {DALLAS}: type-disqualified (disturbance, medical): 6XA, 6XEA can never go" in lines[0]
    assert check(str(DALLAS), "--strict")[0] == 1


def test_every_error_of_every_file_is_told_and_ends_with_1(tmp_path: Path) -> None:
    text = DALLAS.read_text()
    (tmp_path / "a.toml").write_text(text.replace('verdict = "offer"', 'verdict = "perhaps"'))
    (tmp_path / "b.toml").write_text(text.replace('version = "1"', 'version = ""'))
    (tmp_path / "c.toml").write_text(text)
    status, lines = check(str(tmp_path))
    assert status == 1
    errors = [line for line in lines if line.startswith("error")]
    assert len(errors) == 4
    assert errors[3] == f"error   {tmp_path / 'b.toml'}: version: is empty; write something that names it"
    assert lines[-1].startswith("1 policies load, 4 errors, ")


def test_what_two_good_files_cannot_be_together_is_an_error(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(DALLAS.read_text())
    status, lines = check(str(tmp_path))
    assert status == 1
    assert "begins at the same instant" in lines[0]


def test_a_version_that_is_still_to_come_is_told_and_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(DALLAS.read_text())
    newer = DALLAS.read_text().replace("2018-01-01", "2030-01-01").replace('version = "1"', 'version = "2"')
    (tmp_path / "b.toml").write_text(newer)
    _, lines = check(str(tmp_path), "--at", "2026-03-01")
    later = [line for line in lines if line.startswith("later")]
    assert later[0].endswith("version 2 begins on 2030-01-01T00:00:00-06:00; version 1 decides until then")


def test_the_whole_folder_of_the_settings_is_checked_without_arguments() -> None:
    status, lines = check()
    assert status == 0
    assert not [line for line in lines if line.startswith("error")]
    assert lines[-1].startswith("1 policies load, 0 errors")


@pytest.mark.parametrize(
    ("types", "rows"),
    [
        (
            "type,count\n46,100\n46A,20\n6XA,10\n40,5\n7X,65\n",
            {
                "mentioned": ["4", "80.0%", "135", "67.5%"],
                "admitted: offer": ["1", "20.0%", "100", "50.0%"],
                "admitted: review": ["1", "20.0%", "5", "2.5%"],
                "tandem by its name": ["1", "20.0%", "20", "10.0%"],
                "disqualified by its name": ["1", "20.0%", "10", "5.0%"],
                "unmentioned": ["1", "20.0%", "65", "32.5%"],
            },
        ),
        (
            "46\n7X\n",
            {"mentioned": ["1", "50.0%", "1", "50.0%"], "unmentioned": ["1", "50.0%", "1", "50.0%"]},
        ),
        (
            "25A01\n25-A-1V\n",
            {
                "mentioned": ["2", "100.0%", "2", "100.0%"],
                "disqualified by its name": ["1", "50.0%", "1", "50.0%"],
            },
        ),
    ],
)
def test_the_coverage_counts_types_and_calls(tmp_path: Path, types: str, rows: dict[str, list[str]]) -> None:
    (tmp_path / "types.csv").write_text(types)
    _, lines = check(str(DALLAS), "--types", str(tmp_path / "types.csv"))
    told = {line[:26].strip(): line[26:].split() for line in lines}
    assert {label: told[label] for label in rows} == rows
    if "7X" in types:
        assert lines[-1].split() == ["65" if "count" in types else "1", "7X"]


def test_types_that_cannot_be_counted_are_refused_with_their_row(tmp_path: Path) -> None:
    (tmp_path / "types.csv").write_text("type,count\n46,1\n40,many\n")
    with pytest.raises(Exception, match=r"row 3: count: is not a whole number; write digits only"):
        check(str(DALLAS), "--types", str(tmp_path / "types.csv"))


def test_the_output_is_the_same_whatever_the_order_of_sets() -> None:
    def printed(seed: str) -> str:
        command = [sys.executable, "-m", "bridge", "policy", "check", "--at", "2026-03-01"]
        variables = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True).stdout

    assert printed("1") == printed("2") != ""
