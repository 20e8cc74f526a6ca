"""`bridge policy backtest` over an invented log: screen, CSV, JSON and page agree, and no caller speaks."""

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from backtest_log import CANARY, POLICY, Written

from bridge.cli.backtest_charts import Bar, bars, columns
from bridge.cli.backtest_text import shown
from bridge.errors import SettingsError


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def told(written: Written, *given: str) -> dict[str, list[dict[str, object]]]:
    """Every table, each row by its columns."""
    tables = json.loads(written.backtest("--json", *given).stdout)
    return {
        name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
        for name, table in tables.items()
    }


def test_it_counts_the_log(written: Written) -> None:
    tables = told(written, "--denominator", "service=PD")
    counted = {row["what"]: row["calls"] for row in tables["denominator"]}
    assert counted["rows that were read"] == 7
    assert counted["left aside: begun by an officer"] == 1
    assert counted["left aside: not in the denominator that was asked for"] == 1
    assert counted["calls that count"] == 5
    going = next(row for row in tables["verdicts"] if row["what becomes of the call"].startswith("offered, "))
    assert (going["as recorded: calls"], going["supposing no: calls"]) == (1, 2)
    assert {row["limit"]: row["cost"] for row in tables["limits_by_kind"]} == {"hours": 1, "capacity": 0}


def test_screen_csv_and_json_say_the_same(written: Written, tmp_path: Path) -> None:
    screen = written.backtest("--csv", str(tmp_path / "csv"), "--rows", "999").stdout
    tables = json.loads(written.backtest("--json").stdout)
    assert {path.stem for path in (tmp_path / "csv").iterdir()} == set(tables)
    for name, table in tables.items():
        with (tmp_path / "csv" / f"{name}.csv").open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header == table["columns"]
        assert rows == [["" if cell is None else str(cell) for cell in row] for row in table["rows"]]
        assert table["title"].upper() in screen
        for row in table["rows"]:
            assert all(shown(cell)[:40] in screen for cell in row), (name, row)


class Page(HTMLParser):
    """What a browser would find: every element, what it would load, and the text."""

    void = frozenset({"meta", "rect", "line"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.addresses: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.addresses += [str(value) for name, value in attrs if name in {"src", "href", "srcset", "action"}]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def page(written: Written, tmp_path: Path) -> tuple[str, Page]:
    written.backtest("--html", str(tmp_path / "page.html"), "--assume-answered")
    source = (tmp_path / "page.html").read_text()
    page = Page()
    page.feed(source)
    page.close()
    return source, page


def test_the_page_stands_alone(page: tuple[str, Page]) -> None:
    source, parsed = page
    assert parsed.open == []
    assert parsed.addresses == []
    assert not {"script", "link", "img", "iframe", "object", "form"} & parsed.seen
    assert not any(load in source for load in ("http:", "https:", "//", "url(", "@import", "@font-face"))
    assert "svg" in parsed.seen


def test_the_page_states_the_denominator_before_anything_else(page: tuple[str, Page]) -> None:
    source, _ = page
    order = [source.index(f'id="{name}"') for name in ("denominator", "verdicts", "by_destination")]
    order += [source.index(f'id="{name}"') for name in ("ruled_out", "limits_by_kind", "capacity")]
    assert order == sorted(order)
    assert "Calls from 2025-06-02 to 2025-06-20. 6 calls count here." in source
    assert "<b>2</b> of 6 calls" in source


def test_the_page_is_for_light_and_dark_and_paper(page: tuple[str, Page]) -> None:
    source, _ = page
    assert "prefers-color-scheme:dark" in source
    assert "@media print" in source


def test_a_policys_words_are_text_on_the_page(page: tuple[str, Page]) -> None:
    source, parsed = page
    assert "A person in a crisis <here>." in "".join(parsed.text)
    assert "<here>" not in source


def test_only_the_sample_holds_what_callers_said(written: Written, tmp_path: Path) -> None:
    sample = tmp_path / "sample.txt"
    given = ("--sample-file", str(sample), "--html", str(tmp_path / "p.html"), "--csv", str(tmp_path / "c"))
    done = written.backtest(*given)
    text = sample.read_text()
    assert text.splitlines()[0].startswith("HOLDS WHAT CALLERS SAID.")
    assert CANARY in text
    assert sample.stat().st_mode & 0o077 == 0
    others = [tmp_path / "p.html", *(tmp_path / "c").iterdir()]
    assert not any(CANARY in path.read_text() for path in others)
    assert CANARY not in done.output
    assert CANARY not in written.backtest("--json").output


def test_a_sample_is_drawn_with_its_seed_from_what_is_asked(written: Written, tmp_path: Path) -> None:
    def drawn(*given: str) -> str:
        written.backtest("--sample-file", str(tmp_path / "s"), *given)
        return (tmp_path / "s").read_text()

    assert drawn("--sample", "2") == drawn("--sample", "2")
    assert len({drawn("--sample", "2", "--seed", str(seed)) for seed in range(6)}) > 1
    assert drawn("--sample-of", "going").count("verdict:") == 1
    assert "verdict: offer line" in drawn("--sample-of", "offer")


def test_a_log_that_is_silent_about_answers_is_said_so(written: Written) -> None:
    assert "--assume-answered counts everything so" in written.backtest().stderr
    assert "note:" not in written.backtest("--assume-answered").stderr


def test_a_log_of_another_agency_is_read_and_said(written: Written) -> None:
    other = written.changed("police.town.example", "police.other.example")
    done = written.run("backtest", "--policy", str(other))
    assert "the policy is for police.other.example, the log is of police.town.example" in done.stderr


FAULTS = [
    (["--denominator", "PD"], "--denominator: 'PD' is no condition; write for example service=PD,SO"),
    (["--sample-of", "good"], "--sample-of: 'good' is no verdict; use all, going or"),
    (["--sample-file", "/nowhere/s.txt"], "--sample-file: /nowhere/s.txt: cannot be written"),
    (["--html", "/nowhere/p.html"], "--html: /nowhere/p.html: cannot be written"),
    (["--csv", "/dev/null/c"], "--csv: /dev/null/c: cannot be written"),
]


@pytest.mark.parametrize(("given", "says"), FAULTS)
def test_what_cannot_be_done_is_said_with_its_remedy(written: Written, given: list[str], says: str) -> None:
    with pytest.raises(SettingsError, match="^" + says.replace("?", r"\?")):
        written.backtest(*given)


def test_policies_of_two_agencies_are_not_tried_together(written: Written) -> None:
    other = written.folder / "other.toml"
    other.write_text(POLICY.replace("police.town.example", "police.other.example"))
    with pytest.raises(SettingsError, match="policies of one agency are tried together"):
        written.backtest("--policy", str(other))


def test_charts_are_drawn_of_nothing_too() -> None:
    assert bars([], "x").startswith("<svg")
    assert columns([], "x").startswith("<svg")
    assert 'width="' in bars([Bar("a", [("go", 1)], "1")], "x")


@pytest.mark.parametrize(
    ("cell", "written_as"),
    [
        (None, ""),
        (12345, "12,345"),
        (0.0, "0.0"),
        (0.034, "0.034"),
        (2.25, "2.2"),
        (1234.5, "1,234"),
        ("a", "a"),
    ],
)
def test_numbers_have_as_many_places_as_they_deserve(cell, written_as) -> None:
    assert shown(cell) == written_as
