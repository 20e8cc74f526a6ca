"""The shipped mappings, on invented rows in each city's layout."""

from collections.abc import Mapping

import pytest
from feed_tables import FEEDS, shipped

from bridge.domain.cad import CadEvent, Channel, EventKind, UnitStatus
from bridge.feeds import rows
from bridge.feeds.check import check
from bridge.feeds.refusal import Refusal

NAMES = sorted(path.stem for path in FEEDS.glob("*.toml"))


def told(name: str, *table: Mapping[str, str]) -> list[CadEvent]:
    return list(rows.events(table, shipped(name)))


def kinds(events: list[CadEvent]) -> list[str]:
    return [event.kind.value for event in events]


def test_there_is_a_mapping_for_every_table_layout() -> None:
    assert NAMES == [
        "columbia_mo",
        "dallas_tx",
        "eugene_or",
        "lancaster_calls",
        "lancaster_units",
        "sacramento_ca",
        "san_luis_obispo_ca",
        "seattle_wa",
        "st_louis_mo",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_shipped_mapping_speaks_for_a_real_agency(name: str) -> None:
    assert shipped(name).agency.endswith(".example")


UNIT = {"incident_num": "10000001", "incident_date": "1/1/10 12:00 AM", "call_type": "25A2V"}


def test_lancaster_units_are_a_log_that_runs_past_midnight() -> None:
    table = [
        {**UNIT, "unit": "M5", "status": "dispatched", "time_of_day": "23:58:00"},
        {**UNIT, "unit": "M5", "status": "arrived", "time_of_day": "00:10:00"},
        {**UNIT, "unit": "M5", "status": "dispatched", "time_of_day": "00:40:00"},
    ]
    events = told("lancaster_units", *table, *table)
    assert kinds(events) == ["CREATED", "UNIT_STATUS", "UNIT_STATUS"]
    assert [event.at.isoformat() for event in events] == [
        "2010-01-01T23:58:00-06:00",
        "2010-01-02T00:10:00-06:00",
        "2010-01-02T00:40:00-06:00",
    ]
    assert [event.units[0].status for event in events[:2]] == [UnitStatus.DISPATCHED, UnitStatus.ON_SCENE]
    assert events[0].call_type is not None
    assert events[0].call_type.determinant == "25-A-2V"


def test_lancaster_calls_have_lists_nulls_padding_and_tests() -> None:
    silent = dict.fromkeys(shipped("lancaster_calls").columns, "NULL")
    call = {
        **silent,
        "incident_num": "20000001",
        "incident_date": "12/31/20 0:00",
        "call_type": "33C2      ",
        "response_level": "MA",
        "Unit_Dispatch_Times": "WAVE1=23:51:33, M5=00:05:17",
        "Unit_Clear_Times": "M5=00:10:13, WAVE1=01:11:43",
        "disposition_remarks": "TEST" + 56 * " ",
    }
    created, *statuses = told("lancaster_calls", call, {**call, "fdid": "15555"})[:-1]
    assert created.at.isoformat() == "2020-12-31T23:51:33-06:00"
    assert created.practice
    assert [(answer.question, answer.code) for answer in created.answers] == [("response_level", "MA")]
    assert [(event.at.isoformat()[:16], event.units[0].unit_id) for event in statuses] == [
        ("2020-12-31T23:51", "WAVE1"),
        ("2021-01-01T00:05", "M5"),
        ("2021-01-01T00:10", "M5"),
        ("2021-01-01T01:11", "WAVE1"),
    ]


SLO = {
    "case_number": "210101001",
    "date": "01/01/21",
    "received": "23:58",
    "dispatched": "00:02",
    "type": "Welfare Check",
    "grid_location": "PN5",
    "units": "4267,4265,4267",
    "call_comments": "[WITHHELD]",
    "clearance_code": "No Report",
}


def test_a_page_of_the_san_luis_obispo_log_that_comes_again_says_nothing_new() -> None:
    events = told("san_luis_obispo_ca", SLO, SLO, {**SLO, "clearance_code": "Report Approved/"})
    assert kinds(events) == ["CREATED", "UNIT_STATUS", "CLOSED", "CHANGED"]
    created, sent, closed, _ = events
    assert (created.notes, created.disposition, closed.disposition) == ((), "", "No Report")
    assert [unit.unit_id for unit in sent.units] == ["4267", "4265"]
    assert sent.at.isoformat() == "2021-01-02T00:02:00-08:00"


@pytest.mark.parametrize("comment", ["ZZZZ", "ZZZZZZZZZZZZZZZ", "[WITHHELD]", ""])
def test_san_luis_obispo_fillers_are_no_comment(comment: str) -> None:
    assert told("san_luis_obispo_ca", {**SLO, "call_comments": comment})[0].notes == ()


COLUMBIA = {"incident": "2026000001", "datetime": "7/24/2026 9:06:23 PM", "type": "CHECK SUBJECT"}


def test_a_columbia_row_changes_comes_late_and_may_have_no_number() -> None:
    late = {**COLUMBIA, "incident": "2026000000", "datetime": "7/24/2026 8:00:00 PM"}
    unnumbered = {**COLUMBIA, "incident": ""}
    changed = {**COLUMBIA, "type": "PEACE DISTURBAUNCE", "service": "PD"}
    first, second = [COLUMBIA, unnumbered], [late, changed, unnumbered]
    events = told("columbia_mo", *first, *second, *second)
    assert kinds(events) == ["CREATED", "CREATED", "CREATED", "CHANGED"]
    assert events[2].at < events[0].at
    assert events[3].call_type is not None
    assert events[3].call_type.code == "PEACE DISTURBANCE"
    assert [(answer.question, answer.code) for answer in events[3].answers] == [("service", "PD")]


SEATTLE = {
    "CAD Event Number": "2023000000001",
    "Event Clearance Description": "ASSISTANCE RENDERED",
    "Call Type": "TELEPHONE OTHER, NOT 911",
    "Priority": "3",
    "Initial Call Type": "PERSON IN BEHAVIORAL/EMOTIONAL CRISIS",
    "Final Call Type": "--DISTURBANCE - OTHER",
    "Original Time Queued": "11/04/2023 6:08:26 PM",
    "Beat": "C3",
    "Blurred_Longitude": "-122.28",
    "Blurred_Latitude": "47.61",
}


def test_a_seattle_call_is_created_with_its_first_type_and_changed_to_its_final_one() -> None:
    created, changed = told("seattle_wa", SEATTLE)
    assert (created.channel, created.channel_code) == (
        Channel.NON_EMERGENCY_LINE,
        "TELEPHONE OTHER, NOT 911",
    )
    assert created.call_type is not None
    assert changed.call_type is not None
    assert created.call_type.code == "PERSON IN BEHAVIORAL/EMOTIONAL CRISIS"
    assert (changed.kind, changed.call_type.code) == (EventKind.CHANGED, "DISTURBANCE - OTHER")
    assert created.at.isoformat() == "2023-11-04T18:08:26-07:00"


def test_sacramento_tells_stories_with_a_day_and_a_clock_of_four_digits() -> None:
    said = {"id": "22-1", "cmd": "South", "code": "Vandalism - Arrest", "location": "Citywide"}
    (event,) = told(
        "sacramento_ca", {**said, "date": "2022-09-09", "time": "0019", "text": "A wall was painted."}
    )
    assert event.at.isoformat() == "2022-09-09T00:19:00-07:00"
    assert [note.text for note in event.notes] == ["A wall was painted."]


def test_st_louis_says_the_least() -> None:
    said = {"id": "P1", "location": "11XX SAMPLE ST", "description": "Disturbance"}
    (event,) = told("st_louis_mo", {**said, "eventtime": "2021-01-28 20:24:14"})
    assert event.at.isoformat() == "2021-01-28T20:24:14-06:00"
    assert event.location is not None
    assert event.location.text == "11XX SAMPLE ST"


EUGENE = {
    "service": "LAW ",
    "inci_id": "14000001",
    "callsource": "SELF",
    "nature": "CHECK WELFARE",
    "closed_as": "ADVISED",
    "primeunit": "5E93  ",
}


def test_a_eugene_row_says_who_called_and_how_it_ended() -> None:
    created, closed = told("eugene_or", {**EUGENE, "calltime": "2014-01-01 00:00:05"})
    assert (created.channel, created.units[0].unit_id) == (Channel.SELF_INITIATED, "5E93")
    assert (closed.kind, closed.disposition) == (EventKind.CLOSED, "ADVISED")


def test_what_a_spreadsheet_did_to_a_eugene_row_is_left_unsaid_and_counted() -> None:
    damaged = {**EUGENE, "calltime": "00:05.0", "primeunit": "5.00E+93"}
    checked = check({"table": [damaged]}, shipped("eugene_or"))
    assert checked.unread == {"calltime": 1, "primeunit": 1}
    assert (checked.refused.total(), checked.incidents) == (0, 1)


def test_a_poll_with_a_row_that_is_none_loses_only_that() -> None:
    events = rows.events([COLUMBIA, Refusal.NOT_A_ROW, {**COLUMBIA, "incident": "2"}], shipped("columbia_mo"))
    assert len(list(events)) == 2
