"""The page for those who connect a CAD: its examples load, its tables are whole, its words are the code's."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge import cli
from bridge.cli.blocks import blocks_of
from bridge.cli.feed_keys import KEYS, sections_of
from bridge.cli.feed_shown import SAID, SHIPPED
from bridge.domain.incident import Incident, apply
from bridge.feeds import mapping, rows
from bridge.feeds.batch import rows_of
from bridge.feeds.feed_file import FeedFile
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.refusal import Refusal

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
BLOCKS = {block.name: block.text for block in blocks_of(PAGE)}
SOURCES = [*(ROOT / "bridge" / "feeds").glob("*.py"), ROOT / "bridge" / "app" / "feeding.py"]
SMALLEST_TIME = '[time]\ncolumn = "at"\nformat = "%Y-%m-%d %H:%M"\ntimezone = "America/Chicago"\n'


def pieces() -> list[str]:
    """The examples that are written by hand."""
    by_hand = PAGE
    for text in BLOCKS.values():
        by_hand = by_hand.replace(text, "")
    return re.findall(r"^```toml\n(.*?)^```$", by_hand, re.MULTILINE | re.DOTALL)


def kinds() -> dict[str, type]:
    """Every section of the two kinds of files."""
    found = {FeedMapping, FeedFile}
    for file in (FeedMapping, FeedFile):
        found |= {kind for _, kind in sections_of(file)}
    return {kind.__name__: kind for kind in found}


def first_cells(heading: str) -> Iterator[str]:
    """The first cells of the table under a heading."""
    for line in re.split(r"\n##+ ", PAGE.split(f"# {heading}\n")[1])[0].splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield line.strip("| ").split(" | ")[0]


def of_code(pattern: str) -> set[str]:
    """What the code of feeds has that looks so."""
    return {found for path in SOURCES for found in re.findall(pattern, path.read_text(encoding="utf-8"))}


def test_every_key_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert {name: {one.name for one in fields(kind)} for name, kind in kinds().items()} == {
        name: set(said) for name, said in KEYS.items()
    }
    assert all(sentence.endswith(".") for said in KEYS.values() for sentence in said.values())


def test_the_reference_has_every_section_under_the_name_that_it_has_in_the_file() -> None:
    for name, file in (("feed-mapping-keys", FeedMapping), ("feed-file-keys", FeedFile)):
        headings = "\n".join(re.findall(r"^### (.*)$", BLOCKS[name], re.MULTILINE))
        assert set(re.findall(r"`(.*?)`", headings)) == {place for place, _ in sections_of(file)}


def test_the_reference_tells_types_and_what_holds_without_a_key() -> None:
    said = BLOCKS["feed-mapping-keys"] + BLOCKS["feed-file-keys"]
    for line in (
        "| `agency` | text | **must be there** |",
        '| `channel` | a way in | `"UNKNOWN"` |',
        "| `note` | text, or list: text |  |",
        "| `statuses` | names, each with a unit's status |  |",
        "| `answers` | list: a section |  |",
        '| `format` | `csv`, `json` | `"csv"` |',
        "| `headers_file` | path |  |",
        "| `every_seconds` | number | `30.0` |",
        "| `log` | true or false | `false` |",
    ):
        assert line in said


def test_every_shipped_mapping_is_in_the_table() -> None:
    assert {path.stem for path in SHIPPED.glob("*.toml")} == set(SAID)
    assert all(source and shows for source, shows in SAID.values())


@pytest.mark.parametrize("piece", pieces(), ids=lambda piece: piece.split("\n")[0])
def test_every_piece_can_be_put_into_a_mapping(tmp_path: Path, piece: str) -> None:
    text = f'agency = "911.town.example"\nincident = "number"\n{piece}'
    (tmp_path / "m.toml").write_text(text if "[time]" in piece else text + SMALLEST_TIME)
    assert mapping.read(tmp_path / "m.toml").columns


def test_a_table_without_a_day_is_read_as_the_page_says(tmp_path: Path) -> None:
    (piece,) = (piece for piece in pieces() if "format = []" in piece)
    (tmp_path / "m.toml").write_text(f'agency = "911.town.example"\nincident = "number"\n{piece}')
    written = datetime.fromisoformat("2026-03-03T00:05:00-06:00")
    cells = {"number": "1", "received": "23:58"}
    (event,) = rows.events([cells], mapping.read(tmp_path / "m.toml"), read_at=written)
    assert event.at.isoformat() == "2026-03-02T23:58:00-06:00"


@pytest.mark.parametrize(("name", "status"), [("feed-example-check", 1), ("feed-check", 0)])
def test_the_check_that_is_shown_is_what_the_command_prints(
    name: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, command, *said, _ = BLOCKS[name].splitlines()
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli.app, command.removeprefix("$ bridge ").split())
    assert (done.exit_code, done.output.splitlines()) == (status, said)


def test_two_polls_of_the_demonstration_say_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    (command,) = re.findall(r"^bridge (feed check .*again\.csv)$", PAGE, re.MULTILINE)
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli.app, command.split())
    assert re.search(r"^  repeated +63$", done.output, re.MULTILINE)


def test_the_example_ends_as_the_page_tells_it() -> None:
    how = mapping.read(ROOT / "docs" / "examples" / "town_feed.toml")
    incidents: dict[str, Incident] = {}
    for event in rows.events(rows_of(ROOT / "docs" / "examples" / "town_calls.csv", how), how):
        before = incidents.get(event.incident_id) or Incident(event.incident_id, event.agency)
        incidents[event.incident_id] = apply(before, event)
    crisis, noise, last_line = incidents.values()
    assert [note.text for note in crisis.notes] == [
        "MALE TALKING TO HIMSELF",
        "HE JUST SAID HE IS COLD",
        "CORRECTION HE HAS A KNIFE",
    ]
    assert (crisis.closed, noise.closed, noise.disposition) == (False, True, "ADV")
    assert [(unit.unit_id, unit.status, unit.status_code) for unit in noise.units] == [
        ("12", "UNKNOWN", "AIQ"),
        ("14", "CLEARED", "CLR"),
    ]
    assert (last_line.call_type, last_line.location) == (None, None)


def test_every_line_of_the_log_is_explained_and_none_that_is_not_written() -> None:
    said = {name for cell in first_cells("Lines to watch") for name in re.findall(r"`(feed\.\w+)`", cell)}
    assert said == of_code(r"\"(feed\.\w+)\"")


def test_every_answer_of_the_webhook_is_explained() -> None:
    said = {cell for cell in first_cells("Webhook") if cell.isdigit()}
    assert said == of_code(r"_RefusedError\((\d{3})") | of_code(r"status=(\d{3})\)")


def test_every_reason_to_refuse_a_row_is_explained() -> None:
    assert [reason for reason in Refusal if f"`{reason}` (" not in PAGE] == []
