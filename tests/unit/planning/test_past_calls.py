"""Past calls are screened as they stood before they closed, and what came of them is left out."""

from datetime import timedelta

from planning_calls import ALL_NO, MONDAY, an_event

from bridge.domain.cad import Answer, EventKind
from bridge.planning.past import past_calls

MINUTE = timedelta(minutes=1)


def the_call(*events):
    (call,) = past_calls(events)
    return call


def test_what_a_closing_event_tells_is_not_known_before() -> None:
    call = the_call(
        an_event(narrative="sits on the steps"),
        an_event(at=MONDAY + MINUTE, kind=EventKind.NOTE_ADDED, narrative="cries"),
        an_event(
            at=MONDAY + 2 * MINUTE, kind=EventKind.CLOSED, narrative="taken home", disposition="ASSISTED"
        ),
    )
    assert [note.text for note in call.last.notes] == ["sits on the steps", "cries"]
    assert [note.text for note in call.first.notes] == ["sits on the steps"]
    assert not call.last.closed
    assert (call.last.disposition, call.disposition, call.at) == ("", "ASSISTED", MONDAY)


def test_an_incident_that_was_told_as_closed_is_taken_as_it_was_told() -> None:
    call = the_call(
        an_event(kind=EventKind.CLOSED, narrative="sits there", disposition="DONE", units=("A1",))
    )
    assert call.closed_on_arrival
    assert not call.last.closed
    assert call.last.notes
    assert (call.last.units, call.last.disposition) == ((), "")


def test_what_is_told_after_the_end_counts_only_when_it_was_opened_again() -> None:
    later = an_event(code="ODD", at=MONDAY + 5 * MINUTE, kind=EventKind.CHANGED, answers={})
    closed = an_event(at=MONDAY + MINUTE, kind=EventKind.CLOSED)
    assert the_call(an_event(), closed, later).last.call_type.code == "CRISIS"
    reopened = an_event(at=MONDAY + 2 * MINUTE, kind=EventKind.REOPENED)
    assert the_call(an_event(), closed, reopened, later).last.call_type.code == "ODD"


def test_the_first_state_is_the_last_one_where_nothing_that_decides_was_added() -> None:
    unit = an_event(at=MONDAY + MINUTE, kind=EventKind.UNIT_STATUS, units=("A1",))
    call = the_call(an_event(), unit)
    assert call.first is call.last
    answered = an_event(at=MONDAY + MINUTE, kind=EventKind.CHANGED, answers=ALL_NO | {"weapon": Answer.YES})
    call = the_call(an_event(), answered)
    assert call.first != call.last


def test_a_call_waited_until_somebody_was_sent_or_it_closed() -> None:
    sent = an_event(at=MONDAY + 7 * MINUTE, kind=EventKind.UNIT_STATUS, units=("A1",))
    closed = an_event(at=MONDAY + 40 * MINUTE, kind=EventKind.CLOSED)
    assert the_call(an_event(), sent, closed).waited == 7 * MINUTE
    assert the_call(an_event(), closed).waited == 40 * MINUTE
    assert the_call(an_event()).waited == timedelta()


def test_rows_of_an_incident_need_not_stand_together() -> None:
    other = an_event("2", code="ODD")
    calls = past_calls([an_event("1"), other, an_event("1", at=MONDAY + MINUTE, kind=EventKind.CHANGED)])
    assert [call.last.incident_id for call in calls] == ["1", "2"]
    assert calls[0].last.version == 2
