"""`bridge feed check`: every row is counted once, and no cell is repeated."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from feed_tables import SMALLEST, mapped, row
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bridge import cli
from bridge.domain.cad import Channel, EventKind, UnitStatus
from bridge.domain.ids import AgencyId
from bridge.feeds import rows
from bridge.feeds.check import check
from bridge.feeds.columns import (
    AnswerColumn,
    CallerColumns,
    CallTypeColumn,
    ChannelColumn,
    CodeColumn,
    LocationColumns,
    OutcomeColumns,
    PriorityColumn,
    TimeColumn,
    UnitColumns,
    UnitLists,
    YesNoColumn,
)
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.refusal import Refusal

CANARY = "CANARY 555-0100"


def checking(folder: Path, table: str, *options: str, sections: str = "") -> tuple[int, str]:
    """How `bridge feed check` ends on a table, and what it prints."""
    mapped(folder, sections)
    (folder / "table.csv").write_text(table)
    arguments = ["feed", "check", str(folder / "mapping.toml"), str(folder / "table.csv"), *options]
    done = CliRunner().invoke(cli.app, arguments)
    return done.exit_code, done.output


def test_a_clean_table_ends_with_0_and_says_what_it_made(tmp_path: Path) -> None:
    types = '[call_type]\ncolumn = "type"\nsplit = "(?P<code>(?P<determinant>[0-9]+[A-E][0-9]+))"\n'
    twice = "2,2018-01-09 10:00,PH\n2,2018-01-09 10:00,PH\n"
    table = f"number,at,type\n1,2018-01-09 09:00,25A1\n{twice}3,2018-01-09 11:00,\n"
    status, said = checking(tmp_path, table, "--json", sections=types)
    assert status == 0
    found = json.loads(said)
    assert (found["rows"], found["repeated"], found["incidents"]) == (4, 1, 3)
    assert (found["refused"], found["events"]) == ({}, {"CREATED": 3})
    assert found["types"] == {"25A1": 1, "PH": 1}
    assert (found["incidents_with_determinant"], found["incidents_without_type"]) == (1, 1)
    assert (found["rows_without_type"], found["silent"], found["unread"]) == (1, [], {})
    assert (found["first_at"], found["last_at"]) == ("2018-01-09T09:00:00-06:00", "2018-01-09T11:00:00-06:00")


def test_a_refused_row_ends_with_1_and_is_named_by_its_place_and_reason_alone(tmp_path: Path) -> None:
    table = f"number,at,other\n1,2018-01-09 09:00,\n,,{CANARY}\nnumber,at,other\n2,{'x' * 200_000},\n"
    status, said = checking(tmp_path, table)
    assert status == 1
    assert "broken 1, empty 1, header 1" in said
    assert [line.rsplit("row ", 1)[1] for line in said.splitlines() if "table.csv: row" in line] == [
        "2: empty",
        "3: header",
        "4: broken",
    ]
    assert CANARY not in said


def test_cells_that_could_not_be_read_are_counted_by_column_and_never_shown(tmp_path: Path) -> None:
    sections = (
        '[location]\nlatitude = "lat"\nlongitude = "lon"\n[priority]\ncolumn = "p"\n'
        '[channel_codes]\ncolumn = "via"\nvalues = { "911" = "NINE_ONE_ONE" }\n'
        '[unit]\ncolumn = "u"\nstatus = "s"\nstatuses = { AS = "ON_SCENE" }\n'
    )
    table = (
        "number,at,lat,lon,p,via,u,s\n"
        f"1,{CANARY},{CANARY},-96.8,{CANARY},{CANARY},B1,{CANARY}\n"
        "2,2018-01-09 09:00,32.8,-96.8,2,911,B1,AS\n"
    )
    status, said = checking(tmp_path, table, sections=sections)
    assert status == 0
    counts = {
        line.split()[1].strip("'"): int(line.split()[2]) for line in said.splitlines() if "  in '" in line
    }
    assert counts == {"at": 1, "lat": 1, "p": 1, "via": 1, "s": 1}
    assert "CANARY" not in said


def test_a_column_that_is_never_filled_in_is_named(tmp_path: Path) -> None:
    _, said = checking(
        tmp_path, "number,at,type\n1,2018-01-09 09:00,\n", sections='[call_type]\ncolumn = "type"\n'
    )
    assert "'type' is empty in every row" in said


def test_a_mapping_that_does_not_fit_stops_the_check(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(SMALLEST)
    (tmp_path / "table.csv").write_text("number\n1\n")
    arguments = ["feed", "check", str(tmp_path / "mapping.toml"), str(tmp_path / "table.csv")]
    done = CliRunner().invoke(cli.app, arguments)
    assert "no column 'at' in its header" in str(done.exception)


EVERYTHING = FeedMapping(
    agency=AgencyId("police.example"),
    incident="number",
    time=TimeColumn("at", ("%Y-%m-%d %H:%M", "%m/%d/%y"), "Europe/Berlin", "clock", "%H:%M", "[0-9:]+"),
    unsaid=("NULL",),
    unsaid_pattern="Z{3,}",
    channel_codes=ChannelColumn("via", {"911": Channel.NINE_ONE_ONE}),
    call_type=CallTypeColumn("type", "(?P<code>(?P<determinant>[0-9]+[A-E][0-9]+))", {"A": "B"}),
    priority=PriorityColumn("priority", {"HIGH": 1}),
    unit=UnitColumns("unit", "did", statuses={"AS": UnitStatus.ON_SCENE}, pattern="[A-Z0-9]+"),
    unit_lists=UnitLists(
        {"sent": UnitStatus.DISPATCHED, "done": UnitStatus.CLEARED},
        entry="(?P<unit>[^=]+)=(?P<clock>.+)",
        clock="sent_at",
    ),
    location=LocationColumns(text=("street",), latitude="lat", longitude="lon", uncertainty_m="m"),
    caller=CallerColumns(age="age", consent=YesNoColumn("agrees", ("Y",), ("N",))),
    answers=(AnswerColumn("weapon", ("Y",), ("N",), question="weapon"), AnswerColumn("c", question="colour")),
    closed=CodeColumn("state", ("done",)),
    outcome=OutcomeColumns(CallTypeColumn("final"), "how", closes=True),
    practice=CodeColumn("remark", ("TEST",)),
    note=("remark", "more"),
)

cells = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["2018-01-09 09:00", "1/9/18", "23:59", "0001-01-01 00:00", "9999-12-31 23:59", "NULL"]),
    st.sampled_from(
        ["B1=23:58:00, B2=00:10:00", "B1,B2", "B1=soon", "=,=", "Y", "N", "done", "TEST", "25A1"]
    ),
    st.sampled_from(["18-1", "18-2", "number", "nan", "1e999", "9" * 5000, "\0", "\ud800", "ZZZZ", "AS"]),
)
any_row = st.dictionaries(st.sampled_from(EVERYTHING.columns), cells, max_size=len(EVERYTHING.columns))
any_table = st.lists(st.one_of(any_row, st.sampled_from(Refusal)), max_size=12)


@given(any_table)
def test_every_row_is_news_a_repetition_or_refused(table: list[dict[str, str] | Refusal]) -> None:
    fold, news = rows.Fold(EVERYTHING), 0
    for one in table:
        told = fold.take(one)
        news += bool(told) and not isinstance(told, Refusal)
    checked = check({"table": table}, EVERYTHING)
    assert checked.rows == len(table)
    assert checked.repeated + checked.refused.total() + news == len(table)


@given(any_table)
def test_the_same_rows_give_the_same_events_with_an_id_each(table: list[dict[str, str] | Refusal]) -> None:
    first, second = (list(rows.events(table, EVERYTHING)) for _ in range(2))
    assert first == second
    ids = [event.event_id for event in first]
    assert len(set(ids)) == len(ids)
    assert all(event.at.utcoffset() is not None for event in first)


@given(st.lists(any_row, max_size=6))
def test_a_poll_that_comes_again_says_nothing_new(table: list[dict[str, str]]) -> None:
    """With one row an incident; a poll that contradicts itself would be a change each time."""
    poll = [{**one, "number": f"18-{place}"} for place, one in enumerate(table)]
    assert list(rows.events([*poll, *poll], EVERYTHING)) == list(rows.events(poll, EVERYTHING))


@given(any_table)
def test_only_a_row_that_says_nothing_or_the_header_is_refused(table: list[dict[str, str] | Refusal]) -> None:
    refused: list[int] = []
    list(rows.events(table, EVERYTHING, refused=lambda number, reason: refused.append(number)))
    for number, one in enumerate(table, 1):
        if isinstance(one, Refusal) or one.get("number") == "number":
            continue
        says = any(
            cell.replace("\0", "?").strip() and cell.strip() != "NULL" and set(cell.strip()) != {"Z"}
            for cell in one.values()
        )
        assert not says or number not in refused


def test_refusals_are_told_with_the_numbers_of_their_rows(tmp_path: Path) -> None:
    refused: list[tuple[int, Refusal]] = []
    table: list[rows.Row | Refusal] = [row(), {}, Refusal.BROKEN, {"number": "number", "at": "at"}]
    events = rows.events(table, mapped(tmp_path), refused=lambda *told: refused.append(told))
    assert [event.kind for event in events] == [EventKind.CREATED]
    assert refused == [(2, Refusal.EMPTY), (3, Refusal.BROKEN), (4, Refusal.HEADER)]


def test_without_any_time_the_reading_tells_it(tmp_path: Path) -> None:
    read_at = datetime.fromisoformat("2018-01-09T09:00:00-06:00")
    (event,) = rows.events([row(at="")], mapped(tmp_path), read_at=read_at)
    assert event.at == read_at


@pytest.mark.parametrize("text", ["25A1", "GRASFIRE"])
def test_types_are_listed_with_their_share(tmp_path: Path, text: str) -> None:
    _, said = checking(
        tmp_path, f"number,at,type\n1,2018-01-09 09:00,{text}\n", sections='[call_type]\ncolumn = "type"\n'
    )
    assert f"1 100.0%  {text}" in said
