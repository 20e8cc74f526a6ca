"""Rows fold into CAD events: one incident from many rows, nothing lost, nothing said twice."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from feed_tables import FEEDS, shipped
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.cad import CadEvent, Channel, EventKind, UnitStatus
from bridge.domain.ids import AgencyId
from bridge.domain.incident import Incident, apply
from bridge.feeds import files, rows
from bridge.feeds.columns import (
    CallTypeColumn,
    CodeColumn,
    LocationColumns,
    PriorityColumn,
    TimeColumn,
    UnitColumns,
)
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.memory import Remembered
from bridge.feeds.refusal import Refusal

DEMO = FEEDS.parent / "demo"

TABLE = FeedMapping(
    agency=AgencyId("police.example"),
    incident="number",
    time=TimeColumn("at", "%Y-%m-%d %H:%M", "America/Chicago"),
    channel=Channel.NINE_ONE_ONE,
    unsaid=("System.Xml.XmlElement",),
    call_type=CallTypeColumn("type", r"(?P<code>[0-9A-Z/]+)\s*-\s*(?P<text>.+)"),
    priority=PriorityColumn("priority", {"HIGH": 1}),
    unit=UnitColumns("unit", status="status", statuses={"At Scene": UnitStatus.ON_SCENE}),
    location=LocationColumns(
        text=("block", "street"), district="beat", latitude="lat", longitude="lon", constants={"A3": "Dallas"}
    ),
    closed=CodeColumn("state", ("done",)),
    callback="phone",
    note="remark",
)


def row(**cells: str) -> dict[str, str]:
    return {"number": "18-1", "at": "2018-01-09 09:00", "type": "PH - Panhandler", **cells}


def told(*table: Mapping[str, str]) -> list[CadEvent]:
    return list(rows.events(table, TABLE))


def kinds(*table: Mapping[str, str]) -> list[EventKind]:
    return [event.kind for event in told(*table)]


def dallas(*names: str) -> Iterable[Mapping[str, str] | Refusal]:
    reading = shipped("dallas_tx")
    for name in names:
        yield from files.read(DEMO / name, reading)


def test_the_first_row_creates_the_incident() -> None:
    (event,) = told(row(priority="HIGH", block="1400", street="Sample St", beat="151", remark="QUIET NOW"))
    assert event.kind is EventKind.CREATED
    assert (event.incident_id, event.agency) == ("18-1", "police.example")
    assert event.at == datetime(2018, 1, 9, 15, 0, tzinfo=UTC)
    assert event.at.utcoffset() == timedelta(hours=-6)
    assert event.call_type is not None
    assert (event.call_type.code, event.call_type.text) == ("PH", "Panhandler")
    assert (event.priority, event.priority_code) == (1, "HIGH")
    assert event.location is not None
    assert (event.location.text, event.location.district) == ("1400 Sample St", "151")
    assert event.location.civic == {"A3": "Dallas"}
    assert [note.text for note in event.notes] == ["QUIET NOW"]


def test_a_further_unit_is_a_unit_status_and_a_repeated_row_is_silence() -> None:
    first, second = row(unit="B1", status="At Scene"), row(unit="B2", status="Lost")
    events = told(first, second, first, second)
    assert [event.kind for event in events] == [EventKind.CREATED, EventKind.UNIT_STATUS]
    assert events[0].units[0].status is UnitStatus.ON_SCENE
    assert (events[1].units[0].status, events[1].units[0].status_code) == (UnitStatus.UNKNOWN, "Lost")


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({}, {"type": "40 - Other"}, EventKind.CHANGED),
        ({"unit": "B1"}, {"unit": "B2", "type": "40 - Other"}, EventKind.CHANGED),
        ({"unit": "B1", "status": "X"}, {"unit": "B1", "status": "Y"}, EventKind.UNIT_STATUS),
        ({}, {"remark": "HE LEFT"}, EventKind.NOTE_ADDED),
        ({}, {"state": "done"}, EventKind.CLOSED),
        ({"state": "done"}, {"state": "open"}, EventKind.REOPENED),
    ],
)
def test_what_changed_gives_the_event_its_kind(
    before: dict[str, str], after: dict[str, str], kind: EventKind
) -> None:
    assert kinds(row(**before), row(**after))[1:] == [kind]


def test_a_cell_that_went_silent_takes_nothing_back() -> None:
    assert kinds(row(beat="151"), row(beat="System.Xml.XmlElement"), row(beat="151")) == [EventKind.CREATED]


def test_a_state_that_comes_back_is_news_again_under_a_new_id() -> None:
    events = told(row(unit="B1", status="X"), row(unit="B1", status="Y"), row(unit="B1", status="X"))
    assert len({event.event_id for event in events}) == len(events) == 3


def test_an_incident_first_seen_when_it_is_over_is_never_offered_as_open() -> None:
    assert kinds(row(state="done")) == [EventKind.CLOSED]


def test_bad_cells_leave_their_field_unsaid_and_the_row_an_event() -> None:
    (event,) = told(row(at="?", priority="soon", lat="north", lon="-96.8", beat="System.Xml.XmlElement"))
    assert (event.priority, event.priority_code, event.location) == (None, "soon", None)


def test_an_unreadable_time_falls_back_to_the_incidents_own_then_the_feeds() -> None:
    events = told(row(), row(at="?", type="40 - Other"), row(number="18-2", at="?"))
    assert {event.at for event in events} == {events[0].at}


def test_a_row_without_a_number_is_one_incident_however_often_it_comes() -> None:
    events = told(row(number=""), row(number=""), row(number="", unit="B9"))
    assert [event.kind for event in events] == [EventKind.CREATED, EventKind.UNIT_STATUS]
    assert len({event.incident_id for event in events}) == 1


def test_a_dallas_poll_becomes_one_incident_per_number() -> None:
    reading = shipped("dallas_tx")
    table = [cells for cells in dallas("dallas_active_calls.csv") if not isinstance(cells, Refusal)]
    events = list(rows.events(table, reading))
    assert Counter(event.kind for event in events) == {EventKind.CREATED: 45, EventKind.UNIT_STATUS: 18}
    assert {event.incident_id for event in events} == {cells["incident_number"] for cells in table}
    incident = Incident(events[0].incident_id, events[0].agency)
    for event in events:
        if event.incident_id == "18-0052844":
            incident = apply(incident, event)
    assert {unit.unit_id for unit in incident.units} == {"E591", "B556", "B536", "E592"}


def test_the_same_dallas_poll_in_another_order_says_nothing_new() -> None:
    reading = shipped("dallas_tx")
    once = list(rows.events(dallas("dallas_active_calls.csv"), reading))
    twice = list(rows.events(dallas("dallas_active_calls.csv", "dallas_active_calls_again.csv"), reading))
    assert once == twice


def test_every_dallas_type_splits_into_code_and_text() -> None:
    reading = shipped("dallas_tx")
    types = {event.call_type for event in rows.events(dallas("dallas_active_calls.csv"), reading)}
    assert all(seen and seen.text and " " not in seen.code for seen in types)
    assert {"46A", "PH", "6XEA", "40/01", "26/01"} <= {seen.code for seen in types if seen}


junk = st.one_of(
    st.text(st.characters(), max_size=12),
    st.sampled_from(
        ["", " ", "System.Xml.XmlElement", "2018-01-09 09:00", "0001-01-01 00:00", "18-1", "18-2"]
    ),
    st.sampled_from(["nan", "1e999", "9" * 5000, "\0", "\ud800", "done", "PH - Panhandler", "-", "٣"]),
)
junk_row = st.dictionaries(st.one_of(st.sampled_from(TABLE.columns), st.text(max_size=3)), junk)
says_something = st.sampled_from(["18-1", "18-2", "x"])


@given(st.lists(junk_row, max_size=12))
def test_no_row_of_junk_ever_raises_and_the_same_rows_give_the_same_ids(table: list[dict[str, str]]) -> None:
    first, second = told(*table), told(*table)
    assert first == second
    ids = [event.event_id for event in first]
    assert len(set(ids)) == len(ids)
    for event in first:
        assert event.at.utcoffset() is not None
        event.incident_id.encode()


@given(st.lists(st.tuples(says_something, junk_row), max_size=12))
def test_no_incident_is_ever_lost(table: list[tuple[str, dict[str, str]]]) -> None:
    events = told(*({**cells, "number": number} for number, cells in table))
    assert {event.incident_id for event in events} == {number for number, _ in table}


@given(st.lists(junk_row, max_size=12))
def test_reading_on_tells_a_repeated_poll_only_once(table: list[dict[str, str]]) -> None:
    """A poll with one row per incident and unit, read twice over, brings nothing the second time."""
    poll = [{**cells, "number": f"18-{place}"} for place, cells in enumerate(table)]
    assert told(*poll, *poll) == told(*poll)


def test_an_endless_feed_forgets_the_oldest_and_creates_them_again_under_the_same_id() -> None:
    table = [row(number=number) for number in ("1", "2", "3", "1")]
    events = list(rows.events(table, TABLE, memory=Remembered(limit=2)))
    assert [event.kind for event in events] == [EventKind.CREATED] * 4
    assert events[0].event_id == events[3].event_id
