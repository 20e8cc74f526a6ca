"""A mapping file that cannot work is refused with the file, the path, the rule and the remedy."""

from pathlib import Path

import pytest
from feed_tables import SMALLEST, shipped

from bridge.domain.cad import Channel, UnitStatus
from bridge.errors import SettingsError
from bridge.feeds import files, mapping
from bridge.feeds.mapping import MappingError
from bridge.feeds.refusal import Refusal


def written(folder: Path, text: str) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_smallest_mapping_names_agency_incident_and_time(tmp_path: Path) -> None:
    read = mapping.read(written(tmp_path, SMALLEST))
    assert read.agency == "police.example"
    assert read.channel is Channel.UNKNOWN
    assert read.columns == ("number", "at")


def test_a_mapping_reads_every_column_it_names_once() -> None:
    read = shipped("dallas_tx")
    assert len(set(read.columns)) == len(read.columns)
    assert read.unit is not None
    assert read.unit.statuses["At Scene"] is UnitStatus.ON_SCENE


@pytest.mark.parametrize(
    ("change", "path", "remedy"),
    [
        (("America/Chicago", "Mars/Base"), "time:", "name one such as"),
        (("%Y-%m-%d %H:%M", "%Q"), "time:", "write it for strptime"),
        (('incident = "number"', ""), "incident:", "add it"),
        (('incident = "number"', 'incident = "number"\ncolour = "red"'), "colour:", "remove it"),
        (('incident = "number"', 'incident = "number"\nchannel = "PIGEON"'), "channel:", "correct the value"),
        (("[time]", '[call_type]\ncolumn = "t"\nsplit = "(a"\n[time]'), "call_type:", "correct it"),
        (
            ("[time]", '[call_type]\ncolumn = "t"\nsplit = "(?P<kode>.)"\n[time]'),
            "call_type:",
            "name them so",
        ),
        (
            ("[time]", '[unit]\ncolumn="u"\nstatuses={A="GONE"}\n[time]'),
            "unit.statuses.A:",
            "correct the value",
        ),
        (("[time]", "[time"), "is not TOML", "correct the file"),
    ],
)
def test_a_fault_is_named_with_its_path_and_remedy(
    tmp_path: Path, change: tuple[str, str], path: str, remedy: str
) -> None:
    file = written(tmp_path, SMALLEST.replace(*change))
    with pytest.raises(MappingError) as refused:
        mapping.read(file)
    assert isinstance(refused.value, SettingsError)
    assert str(file) in str(refused.value)
    assert path in str(refused.value)
    assert remedy in str(refused.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = SMALLEST.replace("America/Chicago", "Mars/Base").replace('incident = "number"', "colour = 1")
    with pytest.raises(MappingError) as refused:
        mapping.read(written(tmp_path, wrong))
    assert len(str(refused.value).splitlines()) == 3


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        mapping.read(tmp_path / "nowhere.toml")


def test_a_table_without_a_mapped_column_is_refused_before_its_first_row(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("number,when\n1,2018-01-09 09:00\n", encoding="utf-8")
    smallest = mapping.read(written(tmp_path, SMALLEST))
    with pytest.raises(MappingError, match="no column 'at' in its header; correct the name"):
        next(iter(files.read(table, smallest)))


def test_short_long_and_undecodable_lines_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(b"\xef\xbb\xbfnumber,at\n1\n2,2018-01-09 09:00,extra\n\xff3,now\n")
    smallest = mapping.read(written(tmp_path, SMALLEST))
    rows = [row for row in files.read(table, smallest) if not isinstance(row, Refusal)]
    assert [row.get("number") for row in rows] == ["1", "2", "\N{REPLACEMENT CHARACTER}3"]
    assert rows[0].get("at") is None


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    smallest = mapping.read(written(tmp_path, SMALLEST))
    with pytest.raises(MappingError, match="cannot be read"):
        next(iter(files.read(tmp_path / "nowhere.csv", smallest)))
