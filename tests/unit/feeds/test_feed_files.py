"""Files as rows: CSV with stray quotes, JSON lines with polls, packed or cut short."""

import gzip
from pathlib import Path

import pytest
from feed_tables import mapped
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.feeds import files
from bridge.feeds.mapping import MappingError
from bridge.feeds.refusal import Refusal


def read(folder: Path, content: str | bytes, name: str = "table.csv") -> list[object]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(files.read(path, mapped(folder)))


def test_a_packed_table_reads_as_an_open_one(tmp_path: Path) -> None:
    table = b"number,at\n1,now\n"
    assert read(tmp_path, table) == read(tmp_path, gzip.compress(table), "table.csv.gz")


def test_a_packed_table_that_was_cut_short_is_refused_after_what_could_be_read(tmp_path: Path) -> None:
    packed = gzip.compress(b"number,at\n" + b"1,now\n" * 10_000)
    with pytest.raises(MappingError, match="cannot be read"):
        read(tmp_path, packed[:-20], "table.csv.gz")


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        ('1,"two\nlines"\n2,now\n', ["1", "2"]),
        ('1,"never closed\n2,now\n3,now\n', ["1", "2", "3"]),
        ('1,"never closed\n2,"now"\n3,now\n', ["1", "2", "3"]),
        ('1,"a "quoted" word"\n2,now\n', ["1", "2"]),
        ("1,now\n\n\n2,now\n", ["1", "2"]),
        ("1,now\r\n2,now\r3,now", ["1", "2", "3"]),
    ],
)
def test_a_stray_quote_swallows_no_row(tmp_path: Path, lines: str, numbers: list[str]) -> None:
    rows = read(tmp_path, "number,at\n" + lines)
    assert [row["number"] for row in rows if isinstance(row, dict)] == numbers


def test_a_line_that_cannot_be_taken_apart_stands_as_a_refusal_among_the_rows(tmp_path: Path) -> None:
    rows = read(tmp_path, f"number,at\n1,now\n2,{'x' * 200_000}\n3,now\n")
    assert [row if isinstance(row, Refusal) else "row" for row in rows] == ["row", Refusal.BROKEN, "row"]


@settings(deadline=None)  # the disk has its own pace
@given(lines=st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=20))
def test_no_text_behind_a_header_raises(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    read(folder, "number,at\n" + "\n".join(lines))
    read(folder, "\n".join(lines), "table.jsonl")


POLLS = """
{"poll_time": "2026-07-25T09:41:13+00:00", "rows": [{"number": "1", "at": null, "lat": 38.960, "n": 7}, 5]}

{"number": "2", "at": "now"}
{"rows": []}
[1]
{not json
"""


def test_json_lines_are_rows_or_polls_of_rows_and_numbers_stay_as_written(tmp_path: Path) -> None:
    assert read(tmp_path, POLLS, "polls.jsonl") == [
        {"number": "1", "lat": "38.960", "n": "7"},
        Refusal.NOT_A_ROW,
        {"number": "2", "at": "now"},
        Refusal.NOT_A_ROW,
        Refusal.BROKEN,
    ]


def test_json_that_is_nested_too_deep_is_one_broken_line(tmp_path: Path) -> None:
    assert read(tmp_path, "[" * 200_000 + '\n{"number": "1"}\n', "polls.jsonl") == [
        Refusal.BROKEN,
        {"number": "1"},
    ]
