"""`bridge policy sheet`, `approve` and `schema`: what people print, sign and give to their editors."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge import cli
from bridge.cli.page import Columns, Heading, Listed, as_html, as_markdown
from bridge.errors import SettingsError

ROOT = Path(__file__).parents[3]

POLICY = """
agency = "police.test.example"
name = "test"
version = "3"
effective = 2026-03-02T07:00:00-06:00
timezone = "America/Chicago"

[[scope]]
id = "crisis"
sentence = "Somebody is in distress & <alone>."
reference = "Agreement of May, page 3"
verdict = "offer"
call_types = ["46"]
typed = ["CRT"]
route = ["line"]
say = "A counselor comes on; I stay until they do."
hours = { spans = [{ days = ["mon", "tue", "wed"], opens = 07:00:00, closes = 19:00:00 }] }

[[limit]]
id = "downtown"
sentence = "For now, downtown."
districts = ["D1", "D2"]
"""
for _danger in ("weapon", "violence", "medical", "police_only"):
    POLICY += f"""
[[disqualifier]]
id = "{_danger}"
danger = "{_danger}"
sentence = "There is {_danger}."
questions = ["{_danger}"]
asks = "Is there {_danger}?"
unanswered = "review"
"""
LINE = """
id = "line"
name = "Town Line"
channel = "kafka"
address = "line.offers"
expected_wait = 240
[privacy]
location = "none"
fields = ["call_type"]
[[accepts]]
id = "line.adults"
sentence = "Adults only."
signed_by = "Director"
signed_on = 2026-01-05
caller = { min_age = 18 }
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy file, with its destination in a folder beside it."""
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "line.toml").write_text(LINE)
    (tmp_path / "test.toml").write_text(POLICY)
    return tmp_path / "test.toml"


def bridge(verb: str, policy: Path, *arguments: str) -> str:
    """What the command prints."""
    lines = ["--destinations", str(policy.parent / "lines")]
    given = ["--config", str(ROOT / "bridge.toml"), "policy", verb, str(policy), *lines, *arguments]
    done = CliRunner().invoke(cli.app, given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def approve(policy: Path, side: str, *, name: str = "A. Chief", role: str = "Director") -> str:
    """The command's answer to a signature of the first of February."""
    return bridge(
        "approve", policy, "--side", side, "--name", name, "--role", role, "--at", "2026-02-01T09:00:00"
    )


def test_the_sheet_says_all_that_a_call_taker_needs(policy: Path) -> None:
    sheet = bridge("sheet", policy)
    for said in (
        "# test: which calls may go to community responders",
        "Version 3, in force from 2026-03-02 07:00-06:00.",
        "| call type 46; CRT typed in the narrative; only Mon-Wed 07:00-19:00 (America/Chicago) | goes |",
        "- For now, downtown. district D1 or D2",
        "| Is there weapon? | weapon | a person decides |",
        "- There is violence. (violence or a credible threat: answered yes.)",
        "- A crime alone, or a report to be written later",
        "- CRT in the narrative - Somebody is in distress",
        "| Town Line | - | always | the caller, or the notes. Adults only. | about 4 min |",
        '- "A counselor comes on; I stay until they do."',
        "- 911: not signed",
    ):
        assert said in sheet, said


def test_the_protocol_has_every_clause_in_order_with_its_reference(policy: Path) -> None:
    approve(policy, "911")
    protocol = bridge("sheet", policy, "--protocol")
    ids = re.findall(r"^\| ([a-z_.]+) \| (?:Somebody|For now|There is|Adults)", protocol, re.MULTILINE)
    assert ids == ["crisis", "downtown", "weapon", "violence", "medical", "police_only", "line.adults"]
    for said in (
        "| Agreement of May, page 3 |",
        "| version | 3 |",
        "| effective | 2026-03-02 07:00-06:00 |",
        "offer to line (all-noes, auto): call type 46; CRT typed in the narrative; Mon-Wed 07:00-19:00",
        "asked as weapon, unanswered: review",
        "| Director, 2026-01-05 |",
        "| 911 | A. Chief | Director | 2026-02-01 09:00+00:00 | 3 | this very file |",
    ):
        assert said in protocol, said


def test_a_page_is_escaped_and_needs_nothing_from_elsewhere(policy: Path) -> None:
    page = bridge("sheet", policy, "--html")
    assert page.startswith("<!doctype html>")
    assert "distress &amp; &lt;alone&gt;." in page
    assert not re.findall(r"src=|href=|<script", page)
    assert "&lt;alone>" in bridge("sheet", policy)


def test_a_page_of_every_part() -> None:
    parts = [
        Heading("A | b"),
        "A <word>.",
        Listed(["one", "two\nlines"]),
        Columns(("a", "b"), [("1|2", "3")]),
    ]
    assert as_markdown("T", parts).splitlines() == [
        *("# T", "", "## A | b", "", "A &lt;word>.", "", "- one", "- two lines", ""),
        *("| a | b |", "| --- | --- |", "| 1\\|2 | 3 |"),
    ]
    assert "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>3</td></tr></table>" in as_html(
        "T", parts
    )


@pytest.mark.parametrize("form", [(), ("--protocol",), ("--html",)])
def test_the_same_files_print_the_same_page(form: tuple[str, ...]) -> None:
    def printed(seed: str) -> str:
        command = [sys.executable, "-m", "bridge", "policy", "sheet", "deploy/policies/dallas.toml", *form]
        variables = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
        return done.stdout

    assert printed("1") == printed("2")


def test_a_signature_is_written_down_and_shown(policy: Path) -> None:
    assert "911 has approved test 3 (" in approve(policy, "911")
    (line,) = (policy.parent / "test.approvals.jsonl").read_text().splitlines()
    signed = json.loads(line)
    assert list(signed) == ["digest", "policy", "version", "side", "name", "role", "at"]
    assert (signed["side"], signed["version"], signed["at"]) == ("911", "3", "2026-02-01T09:00:00Z")
    assert "- 911: A. Chief, Director, 2026-02-01" in bridge("sheet", policy)
    assert "not-approved (line)" in bridge("check", policy)


def test_a_changed_file_is_no_longer_signed(policy: Path) -> None:
    approve(policy, "911")
    approve(policy, "line")
    assert "approved" not in bridge("check", policy)
    policy.write_text(POLICY + "# a remark\n")
    assert "approved-before-change (911, line)" in bridge("check", policy)
    assert "- 911: signed version 3, and the file has changed since" in bridge("sheet", policy)
    approve(policy, "911")
    assert len((policy.parent / "test.approvals.jsonl").read_text().splitlines()) == 3


def test_nobody_signs_twice_nor_for_somebody_who_gets_no_calls(policy: Path) -> None:
    approve(policy, "911")
    with pytest.raises(SettingsError, match="911 approved version 3 on 2026-02-01"):
        approve(policy, "911", name="B. Deputy")
    with pytest.raises(
        SettingsError, match="'mediation' is nobody that this policy sends calls to; name one of: 911, line"
    ):
        approve(policy, "mediation")
    with pytest.raises(SettingsError, match="role: is empty"):
        approve(policy, "line", role=" ")


def test_a_policy_that_does_not_load_is_not_signed(policy: Path) -> None:
    policy.write_text(POLICY.replace('version = "3"', ""))
    with pytest.raises(SettingsError, match="version: field required"):
        approve(policy, "911")
    assert not (policy.parent / "test.approvals.jsonl").exists()


@pytest.mark.parametrize("kind", ["policy", "destination"])
def test_the_schema_that_is_printed_is_the_one_that_is_stored(kind: str) -> None:
    done = CliRunner().invoke(cli.app, ["policy", "schema", kind])
    assert done.stdout == (ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8")
