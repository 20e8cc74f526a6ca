"""What 911 may know of a call that began at a hotline."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.cad import Answer, Caller, CallType, Channel, CodedAnswer, EventKind, Location, Note
from bridge.domain.ids import AgencyId, IncidentId, SignalId, TransferId
from bridge.domain.incident import Incident
from bridge.domain.own_call import first_event, for_a_rescue, known_to_911
from bridge.domain.redaction import ALL_FIELDS
from bridge.domain.signal import Signal, SignalKind, Speaker

NOW = datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)
TOLD = Incident(
    IncidentId("988-1"),
    AgencyId("town"),
    version=1,
    channel=Channel.NINE_EIGHT_EIGHT,
    call_type=CallType("46"),
    callback="2145550100",
    caller=Caller("Ada Canary", age=40),
    location=Location(text="77 Canary Lane", latitude=32.7, longitude=-96.8),
    answers=(CodedAnswer("weapon", Answer.NO),),
    notes=(Note("SHE SEES SPIDERS"),),
)


def test_a_rescue_needs_the_place_and_the_number_and_nothing_else() -> None:
    told = for_a_rescue(TOLD)
    assert (told.callback, told.location) == (TOLD.callback, TOLD.location)
    assert (told.caller, told.answers, told.notes, told.call_type) == (Caller(), (), (), None)


def test_of_a_call_that_a_hotline_keeps_911_is_told_its_field_list() -> None:
    told = known_to_911(TOLD, frozenset({"channel"}))
    assert (told.channel, told.call_type, told.callback, told.location) == (TOLD.channel, None, "", None)


@given(st.frozensets(st.sampled_from(sorted(ALL_FIELDS))))
def test_what_is_not_on_the_list_is_never_told(fields: frozenset[str]) -> None:
    told = repr(known_to_911(TOLD, fields))
    for field, said in (
        ("callback", "2145550100"),
        ("caller.name", "Ada Canary"),
        ("location", "77 Canary Lane"),
        ("narrative", "SPIDERS"),
    ):
        assert (said in told) <= (field in fields)


def test_a_bare_call_is_an_event_of_a_hotline() -> None:
    signal = Signal(
        SignalId("s-1"),
        TransferId(""),
        IncidentId("988-1"),
        AgencyId("town"),
        SignalKind.HELP_REQUESTED,
        Speaker.DESTINATION,
        "line-988",
        NOW,
    )
    event = first_event(signal)
    assert (event.kind, event.channel, event.at) == (EventKind.CREATED, Channel.HOTLINE, NOW)
