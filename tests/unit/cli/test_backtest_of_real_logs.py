"""Small policies tried on the logs of real cities: everything is counted, and what is said stays where it is.

The rows are not part of the project. Dallas is, and is tried wherever the tests run.
"""

import csv
import gzip
import json
from itertools import islice
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge import cli
from bridge.feeds import files, mapping

CHECKOUT = Path(__file__).parents[3]
DATA = CHECKOUT.parent / "shared" / "data"
FEEDS = CHECKOUT / "deploy" / "feeds"
absent = pytest.mark.skipif(not DATA.is_dir(), reason="the real rows are not beside this checkout")

DANGERS = "".join(
    f"""
[[disqualifier]]
id = "{danger}"
danger = "{danger}"
sentence = "There is {danger}."
questions = ["{danger}"]
unanswered = "review"
shared = true
determinant_suffixes = {suffixes}
"""
    for danger, suffixes in {
        "weapon": ["W", "B"],
        "violence": ["V", "B"],
        "medical": [],
        "police_only": [],
    }.items()
)
HEAD = """
agency = "{agency}"
name = "tried"
version = "1"
effective = 2030-01-01T00:00:00-06:00
timezone = "{zone}"
[[scope]]
id = "first"
sentence = "May go."
verdict = "offer"
need = "behavioral-health"
route = ["crisis-line"]
{first}
[[scope]]
id = "second"
sentence = "May be asked."
verdict = "recommend"
need = "welfare"
route = ["city-311", "crisis-line"]
hours = {{ spans = [{{ days = ["mon", "tue", "wed", "thu", "fri"], opens = 08:00:00, closes = 18:00:00 }}] }}
{second}
"""


def tried(folder: Path, feed: str, log: Path, policy: str, *given: str) -> dict[str, list[list[object]]]:
    """Every table's rows of one backtest, supposing that open questions were answered with no."""
    path = folder / "policy.toml"
    path.write_text(policy)
    command = ["--config", str(CHECKOUT / "bridge.toml"), "policy", "backtest", "--policy", str(path)]
    command += ["--feed", str(FEEDS / f"{feed}.toml"), "--assume-answered", "--json", *given, str(log)]
    done = CliRunner().invoke(cli.app, command, catch_exceptions=False)
    return {name: table["rows"] for name, table in json.loads(done.stdout).items()}


def beginning_of(log: Path, folder: Path, lines: int = 5000) -> Path:
    """The first lines of a long log: enough to be counted, and soon counted."""
    beginning = folder / "log.csv"
    with gzip.open(log, "rt", encoding="utf-8-sig") as file:
        beginning.write_text("".join(islice(file, lines)))
    return beginning


def a_policy(agency: str, zone: str, first: str, second: str) -> str:
    return HEAD.format(agency=agency, zone=zone, first=first, second=second) + DANGERS


def counted(tables: dict[str, list[list[object]]]) -> dict[str, int]:
    """The denominator, after asking whether every call is in each table once."""
    found = dict(map(tuple, tables["denominator"]))
    calls = found["calls that count"]
    assert (
        calls + sum(n for what, n in found.items() if what.startswith("left aside"))
        == found["incidents in them"]
    )
    assert (
        sum(row[1] for row in tables["verdicts"][:5])
        == sum(row[5] for row in tables["verdicts"][:5])
        == calls
    )
    for name in ("by_type", "by_hour", "by_weekday", "by_week", "by_district", "by_need"):
        assert sum(row[1] for row in tables[name]) == calls, name
    for row in (*tables["limits_by_kind"], *tables["limits"]):
        with_it, without, cost = row[-4:-1]
        assert cost == without - with_it >= 0
    return found


def going(tables: dict[str, list[list[object]]]) -> tuple[int, int]:
    """How many would go by what is recorded, and supposing no."""
    return tables["verdicts"][5][1], tables["verdicts"][5][5]


def test_dallas_as_it_is_shipped(tmp_path: Path) -> None:
    policy = (CHECKOUT / "deploy" / "policies" / "dallas.toml").read_text()
    log = CHECKOUT / "deploy" / "demo" / "dallas_active_calls.csv"
    tables = tried(tmp_path, "dallas_tx", log, policy)
    assert counted(tables)["calls that count"] == 45
    assert going(tables) == (0, 6)


@absent
def test_columbia_with_police_and_fire_apart(tmp_path: Path) -> None:
    policy = a_policy(
        "911.boone.example",
        "America/Chicago",
        'call_types = ["CHECK SUBJECT"]',
        'call_types = ["CHECK THE WELFARE", "ASSIST CITIZEN"]',
    )
    log = beginning_of(DATA / "columbia_mo" / "columbia_mo_dispatch_first_seen.csv.gz", tmp_path)
    tables = tried(tmp_path, "columbia_mo", log, policy, "--denominator", "service=PD")
    found = counted(tables)
    assert found["left aside: not in the denominator that was asked for"] > 500
    recorded, supposed = going(tables)
    assert recorded == 0 < supposed
    assert {row[0]: row[3] for row in tables["limits_by_kind"]}["hours"] > 0


@absent
def test_san_luis_obispo_by_its_narratives_which_stay_where_they_are(tmp_path: Path) -> None:
    policy = a_policy(
        "police.slocity.example",
        "America/Los_Angeles",
        'call_types = ["MENTAL SUBJ", "Welfare Check"]',
        'call_types = ["Trespassing", "Disorderly", "Loitering", "Suspicious"]',
    )
    log = DATA / "san_luis_obispo_ca" / "slopd_call_log_2021_scrubbed.csv.gz"
    page, tables_in, sample = tmp_path / "page.html", tmp_path / "csv", tmp_path / "sample.txt"
    given = [
        "--html",
        str(page),
        "--csv",
        str(tables_in),
        "--sample-file",
        str(sample),
        "--sample-of",
        "going",
    ]
    tables = tried(tmp_path, "san_luis_obispo_ca", log, policy, *given)
    found = counted(tables)
    arrived = "of these told as closed from the start, and screened as if open"
    assert found[arrived] < found["calls that count"]
    held = {row[0]: row[2] for row in tables["ruled_out"]}
    assert min(held[danger] for danger in ("weapon", "violence", "medical")) > 0
    said = {
        row["call_comments"].strip()
        for row in files.read(log, mapping.read(FEEDS / "san_luis_obispo_ca.toml"))
        if isinstance(row, dict)
    }
    telling = {text for text in said if len(text) > 20 and text != "[WITHHELD]"}
    assert len(telling) > 1000
    public = [page.read_text(), *(path.read_text() for path in tables_in.iterdir())]
    assert not any(text in shown for shown in public for text in telling)
    assert any(text in sample.read_text() for text in telling)


@absent
def test_seattle_with_officers_and_alarms_left_aside(tmp_path: Path) -> None:
    policy = a_policy(
        "police.seattle.example",
        "America/Los_Angeles",
        'call_types = ["PERSON IN BEHAVIORAL/EMOTIONAL CRISIS", "CRISIS COMPLAINT - GENERAL"]',
        'call_types = ["SERVICE - WELFARE CHECK", "DISTURBANCE - OTHER", "NOISE - DISTURBANCE (PARTY, ETC)"]',
    )
    log = DATA / "seattle_wa" / "seattle_call_data_raw_221.csv"
    tables = tried(tmp_path, "seattle_wa", log, policy)
    found = counted(tables)
    assert found["left aside: begun by an officer"] == 13
    assert found["left aside: begun by a machine"] == 36
    assert sum(row[2] for row in tables["first_and_last"]) == found["calls that count"]


@absent
def test_lancaster_by_its_determinants(tmp_path: Path) -> None:
    policy = a_policy(
        "911.lancaster.example",
        "America/Chicago",
        'determinants = ["25-*"]',
        'determinants = ["17-A-*", "26-A-*"]',
    )
    log = beginning_of(DATA / "lancaster_county_ne" / "rvfd_calls_for_service_2010_2020.csv.gz", tmp_path)
    tables = tried(tmp_path, "lancaster_calls", log, policy, "--apart", "twice: note=STORED COMPLAINT DUP*")
    found = counted(tables)
    assert found["left aside: twice"] > 0
    assert found["left aside: practice"] > 0
    by_clause = {row[0]: row[1:7] for row in tables["by_clause"]}
    calls, offered, *_, kept = by_clause["first"]
    assert calls == offered + kept + by_clause["first"][4] + by_clause["first"][3] > 5
    suffixed = {row[0]: row[2] for row in tables["ruled_out"]}
    assert suffixed["violence"] > 0
    assert tables["capacity"][0][5] >= 1


def test_every_table_is_written_as_a_file(tmp_path: Path) -> None:
    policy = (CHECKOUT / "deploy" / "policies" / "dallas.toml").read_text()
    log = CHECKOUT / "deploy" / "demo" / "dallas_active_calls.csv"
    tables = tried(tmp_path, "dallas_tx", log, policy, "--csv", str(tmp_path / "csv"))
    for name, rows in tables.items():
        with (tmp_path / "csv" / f"{name}.csv").open(newline="") as file:
            assert len(list(csv.reader(file))) == len(rows) + 1
