"""Folding CAD events into an incident: what is known only grows, in whatever order it comes."""

from dataclasses import replace
from datetime import timedelta

from domain_calls import AGENCY, NOW
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.cad import (
    Answer,
    CadEvent,
    Caller,
    CallType,
    Caution,
    CautionAbout,
    CodedAnswer,
    EventKind,
    Location,
    Note,
    PriorCall,
    Unit,
    UnitStatus,
)
from bridge.domain.ids import EventId, IncidentId
from bridge.domain.incident import Incident, apply

EMPTY = Incident(IncidentId("i"), AGENCY)


def an_event(**facts: object) -> CadEvent:
    given: dict[str, object] = {"kind": EventKind.CHANGED, "at": NOW}
    return CadEvent(EventId("e"), IncidentId("i"), AGENCY, **(given | facts))  # type: ignore[arg-type]


def folded(*events: CadEvent) -> Incident:
    incident = EMPTY
    for event in events:
        incident = apply(incident, event)
    return incident


def words(*cautions: Caution) -> set[tuple[str, str, str]]:
    return {(each.code, each.about, each.text) for each in cautions}


answers = st.sampled_from(sorted(Answer))
questions = st.sampled_from(["weapon", "violence"])
times = st.sampled_from([None, NOW, NOW - timedelta(days=90)])
events = st.builds(
    an_event,
    kind=st.sampled_from(sorted(EventKind)),
    at=st.integers(0, 100).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    sequence=st.none() | st.integers(1, 9),
    call_id=st.sampled_from(["", "c1", "c2"]),
    call_type=st.none() | st.sampled_from([CallType("A"), CallType("B")]),
    priority=st.none() | st.integers(1, 3),
    location=st.none() | st.builds(Location, district=st.sampled_from(["D1", "D2"])),
    callback=st.sampled_from(["", "555-0100"]),
    caller=st.none() | st.builds(Caller, wants_police=answers, on_the_line=answers),
    answers=st.lists(st.builds(CodedAnswer, questions, answers), max_size=2).map(tuple),
    notes=st.lists(st.builds(Note, st.sampled_from(["one", "two", "three"])), max_size=3).map(tuple),
    units=st.lists(
        st.builds(Unit, st.sampled_from(["U1", "U2"]), st.sampled_from(sorted(UnitStatus))), max_size=2
    ).map(tuple),
    practice=st.booleans(),
    cautions=st.lists(
        st.builds(Caution, st.sampled_from(["DOG", "GUN"]), st.sampled_from(sorted(CautionAbout)), at=times),
        max_size=2,
    ).map(tuple),
    prior_calls=st.lists(
        st.builds(PriorCall, st.sampled_from(["", "24-1", "24-2"]), st.sampled_from(["", "A", "B"]), times),
        max_size=2,
    ).map(tuple),
)


@given(st.lists(events, max_size=8))
def test_no_note_caution_call_or_unit_is_ever_lost(said: list[CadEvent]) -> None:
    incident = folded(*said)
    assert set(incident.notes) == {note for event in said for note in event.notes}
    assert len(incident.notes) == len(set(incident.notes))
    assert {unit.unit_id for unit in incident.units} == {unit.unit_id for one in said for unit in one.units}
    assert set(incident.call_ids) == {event.call_id for event in said} - {""}
    assert words(*incident.cautions) == words(*(each for event in said for each in event.cautions))
    assert len(incident.cautions) == len(words(*incident.cautions))
    assert {call.incident_id for call in incident.prior_calls} == {
        call.incident_id for event in said for call in event.prior_calls
    }
    assert incident.version == len(said)
    assert incident.practice is any(event.practice for event in said)


@given(st.lists(events, max_size=6), events)
def test_the_same_event_twice_is_the_same_as_once(said: list[CadEvent], event: CadEvent) -> None:
    once = apply(folded(*said), event)
    assert replace(apply(once, event), version=once.version) == once


@given(st.lists(events, min_size=1, max_size=8))
def test_the_times_span_every_event(said: list[CadEvent]) -> None:
    incident = folded(*said)
    assert incident.first_at == min(event.at for event in said)
    assert incident.last_at == max(event.at for event in said)


@given(events, events)
def test_what_a_late_event_says_fills_gaps_and_overrides_nothing(early: CadEvent, late: CadEvent) -> None:
    early, late = replace(early, sequence=5), replace(late, sequence=4)
    before, after = folded(early), folded(early, late)
    assert after.sequence == 5
    assert after.closed is before.closed
    assert after.call_type == (before.call_type or late.call_type)
    assert after.location == (before.location or late.location)
    for unit in before.units:
        assert unit in after.units


@given(events, events)
def test_a_wish_for_police_is_heard_however_late(early: CadEvent, late: CadEvent) -> None:
    late = replace(late, sequence=4, caller=Caller(wants_police=Answer.YES))
    assert folded(replace(early, sequence=5), late).caller.wants_police is Answer.YES


def test_a_late_yes_is_a_danger_and_a_late_no_takes_none_back() -> None:
    no = an_event(sequence=5, answers=(CodedAnswer("weapon", Answer.NO),))
    yes = an_event(sequence=4, answers=(CodedAnswer("weapon", Answer.YES),))
    assert folded(no, yes).answers == yes.answers
    assert folded(replace(yes, sequence=6), replace(no, sequence=5)).answers == yes.answers


def test_a_newer_no_corrects_a_yes_but_not_knowing_does_not() -> None:
    yes = an_event(sequence=1, answers=(CodedAnswer("weapon", Answer.YES),))
    no = an_event(sequence=2, answers=(CodedAnswer("weapon", Answer.NO),))
    unknown = an_event(sequence=3, answers=(CodedAnswer("weapon", Answer.UNKNOWN),))
    assert folded(yes, no).answers == no.answers
    assert folded(yes, unknown).answers == yes.answers
    assert folded(no, unknown).answers == unknown.answers


def test_what_an_event_does_not_say_stays() -> None:
    told = an_event(
        sequence=1,
        call_type=CallType("A"),
        callback="555-0100",
        caller=Caller(name="N", age=30, consent=Answer.YES),
        location=Location(district="D1"),
        priority=2,
    )
    later = folded(told, an_event(sequence=2))
    assert replace(later, version=1, sequence=1) == folded(told)


def test_closed_and_reopened_follow_cads_own_order() -> None:
    closed = an_event(kind=EventKind.CLOSED, sequence=2)
    reopened = an_event(kind=EventKind.REOPENED, sequence=3)
    assert folded(closed).closed
    assert not folded(closed, reopened).closed
    assert not folded(reopened, closed).closed


def test_a_caution_is_kept_once_whenever_it_was_entered_and_never_taken_back() -> None:
    dog = Caution("DOG", CautionAbout.ADDRESS, "loose in the yard")
    dated = replace(dog, at=NOW - timedelta(days=400))
    person = replace(dog, about=CautionAbout.PERSON)
    told = folded(an_event(sequence=1, cautions=(dog,)), an_event(sequence=2, cautions=(dated, person)))
    assert told.cautions == (dated, person)
    again = apply(told, an_event(sequence=3, cautions=(replace(dog, at=NOW),)))
    assert again.cautions == (dated, person)
    assert apply(again, an_event(sequence=4)).cautions == (dated, person)


def test_a_late_caution_and_a_late_prior_call_count() -> None:
    late = an_event(sequence=4, cautions=(Caution("GUN"),), prior_calls=(PriorCall("24-1"),))
    incident = folded(an_event(sequence=5), late)
    assert incident.cautions == late.cautions
    assert incident.prior_calls == late.prior_calls


def test_a_prior_call_is_one_row_as_last_said_and_a_late_event_only_fills_its_gaps() -> None:
    first = an_event(sequence=5, prior_calls=(PriorCall("24-1", "WELF"), PriorCall("24-2")))
    newer = an_event(sequence=6, prior_calls=(PriorCall("24-1", "DIST", disposition="ASSIST"),))
    late = an_event(sequence=4, prior_calls=(PriorCall("24-1", "WELF", NOW, "GOA"),))
    assert folded(first, newer, late).prior_calls == (
        PriorCall("24-1", "DIST", NOW, "ASSIST"),
        PriorCall("24-2"),
    )


def test_prior_calls_without_a_number_are_not_taken_for_one_another() -> None:
    unnumbered = (PriorCall("", "WELF"), PriorCall("", "DIST"))
    assert folded(*[an_event(prior_calls=unnumbered)] * 2).prior_calls == unnumbered
