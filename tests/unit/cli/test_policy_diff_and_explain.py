"""`bridge policy diff` and `bridge policy explain` over an invented log."""

import json
from pathlib import Path

import pytest
from backtest_log import CANARY, Written
from typer.testing import CliRunner

from bridge import cli
from bridge.errors import SettingsError

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def policy(written: Written) -> str:
    return str(written.folder / "policy.toml")


def test_what_a_new_version_changes_is_told_with_the_clause_and_the_ids(written: Written) -> None:
    new = str(written.changed("closes = 19:00:00", "closes = 23:30:00"))
    told = json.loads(written.run("diff", policy(written), new, "--json").stdout)
    assert told["changed"] == 1
    assert told["groups"] == [
        {
            "clauses": ["crisis"],
            "how": "alone",
            "was": "keep",
            "will_be": "offer",
            "calls": 1,
            "incidents": ["2"],
        }
    ]
    screen = written.run("diff", policy(written), new).stdout
    assert screen.startswith("1 of 6 calls would be decided otherwise")
    assert "crisis" in screen


def test_a_version_that_changes_nothing_is_told_so(written: Written) -> None:
    screen = written.run("diff", policy(written), policy(written)).stdout
    assert screen.startswith("0 of 6 calls would be decided otherwise")


def test_two_versions_are_two_policies_and_no_folders(written: Written) -> None:
    folder = written.folder / "several"
    folder.mkdir()
    with pytest.raises(SettingsError, match="are no policy"):
        written.run("diff", policy(written), str(folder))


def explained(written: Written, incident: str, *given: str) -> str:
    done = written.run("explain", "--policy", policy(written), "--incident", incident, *given)
    assert CANARY not in done.output
    return done.stdout


def test_a_call_that_goes_is_told_to_whom_and_why_and_what_would_keep_it(written: Written) -> None:
    said = explained(written, "1")
    assert "Policy town 1: offered." in said
    assert "Offered to The Line because: A person in a crisis <here>." in said
    assert "kept with 911 if weapon had been answered with yes" in said
    assert "weapon: does not hold it back: A weapon is there. (answered no)" in said


def test_a_call_that_stays_is_told_why_and_what_would_let_it_go(written: Written) -> None:
    said = explained(written, "2")
    assert "Policy town 1: kept with 911." in said
    assert "hours.closed: This part of the policy is not open at this hour." in said
    assert "offered without the clause hours.closed" in said


def test_silent_clauses_are_told_when_they_are_asked_for(written: Written) -> None:
    assert "Clauses that did not speak" not in explained(written, "1")
    assert "  medical: Somebody is hurt." in explained(written, "1", "--all")


def test_what_is_supposed_is_said_first(written: Written) -> None:
    assert explained(written, "4", "--assume-answered").startswith("Supposing that every question")
    assert "answer.missing.weapon" in explained(written, "4")


def test_a_program_can_read_it(written: Written) -> None:
    told = json.loads(explained(written, "3", "--json"))
    assert (told["verdict"], told["route"]) == ("keep", [])
    assert {
        name: value
        for reason in told["reasons"]
        if reason["weight"] == "against"
        for name, value in reason.items()
        if name in {"clause", "disqualifies"}
    } == {"clause": "weapon", "disqualifies": True}


def test_an_incident_that_is_not_there_is_said_so(written: Written) -> None:
    with pytest.raises(SettingsError, match="--incident: '99' is in none of the files"):
        explained(written, "99")


def test_without_a_log_or_a_ledger_there_is_nothing_to_explain(written: Written) -> None:
    with pytest.raises(SettingsError, match="give --policy, --feed, --incident and the log's files"):
        written.run("explain", "--incident", "1")


def test_a_worked_call_is_explained_as_it_stands_after_its_last_step() -> None:
    calls = CHECKOUT / "deploy" / "policies" / "programs" / "calls" / "denver-star.toml"
    command = ["--config", str(CHECKOUT / "bridge.toml"), "policy", "explain", "--calls", str(calls)]
    said = CliRunner().invoke(cli.app, [*command, "3"], catch_exceptions=False).stdout
    assert "Policy denver-star 1: kept with 911." in said
    assert "A weapon is present" in said
    with pytest.raises(SettingsError, match="give a number from 1 on"):
        CliRunner().invoke(cli.app, [*command, "99"], catch_exceptions=False)
