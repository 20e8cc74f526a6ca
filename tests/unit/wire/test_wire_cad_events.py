"""An event from outside is better read in part than not at all, and says what was not."""

import math
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from wire_messages import FRAMES, NOW, a_cad_event, a_signal

from bridge.domain.cad import (
    Answer,
    CadEvent,
    Caller,
    CallType,
    Caution,
    CautionAbout,
    CodedAnswer,
    Location,
    Note,
    PriorCall,
    Unit,
)
from bridge.errors import UndecodableError
from bridge.wire import cad_events, signals
from bridge.wire.cad_events import DecodedEvent
from bridge.wire.determinants import normalise_determinant
from bridge.wire.facts import write_facts
from bridge.wire.moments import write_moment
from bridge.wire.schemas import SchemaName


def after_the_wire(event: CadEvent) -> DecodedEvent:
    return cad_events.decode(FRAMES, cad_events.encode(FRAMES, event), now=NOW)


HERE = {"text": "5 Example St", "latitude": 40.0, "longitude": -60.0, "uncertainty_m": 30.0}
THEN = NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        ("location.latitude", {"latitude": 90.5}),
        ("location.latitude", {"latitude": math.nan}),
        ("location.latitude", {"latitude": math.inf}),
        ("location.longitude", {"longitude": -181.0}),
        ("location.longitude", {"longitude": math.nan}),
        ("location.incomplete", {"longitude": None}),
        ("location.incomplete", {"latitude": None}),
    ],
)
def test_coordinates_that_are_nowhere_are_dropped_and_the_address_stays(
    fault: str, wrong: dict[str, Any]
) -> None:
    decoded = after_the_wire(a_cad_event(location=Location(**{**HERE, **wrong})))
    assert decoded.faults == (fault,)
    assert decoded.event.location == Location(text="5 Example St")


@pytest.mark.parametrize(
    ("fault", "said", "kept"),
    [
        (
            "location.uncertainty",
            {"location": Location(**{**HERE, "uncertainty_m": -1.0})},
            {"location": Location(**{**HERE, "uncertainty_m": None})},
        ),
        (
            "location.uncertainty",
            {"location": Location(**{**HERE, "uncertainty_m": math.nan})},
            {"location": Location(**{**HERE, "uncertainty_m": None})},
        ),
        (
            "location.confidence",
            {"location": Location(text="x", confidence_percent=101)},
            {"location": Location(text="x")},
        ),
        ("caller.age", {"caller": Caller(age=999)}, {"caller": Caller()}),
        ("priority", {"priority": 2**40}, {}),
        ("call_id.bad", {"call_id": "c" * 201}, {}),
        ("call_id.bad", {"call_id": "c\x00"}, {}),
        ("codes.control_characters", {"disposition": "D\x001"}, {"disposition": "D1"}),
        ("codes.control_characters", {"callback": "+1\u202e555"}, {"callback": "+1555"}),
        (
            "codes.control_characters",
            {"units": (Unit("B1\n2"),)},
            {"units": (Unit("B12"),)},
        ),
        (
            "notes.control_characters",
            {"notes": (Note("no\x00w"), Note("\u202eevil"))},
            {"notes": (Note("no\x00w"), Note("\u202eevil"))},
        ),
        (
            "notes.at.implausible",
            {"notes": (Note("x", NOW + timedelta(days=2)),)},
            {"notes": (Note("x"),)},
        ),
        (
            "units.at.implausible",
            {"units": (Unit("B1", at=datetime(1999, 12, 31, tzinfo=UTC)),)},
            {"units": (Unit("B1"),)},
        ),
        (
            "cautions.control_characters",
            {"cautions": (Caution("HAZ", CautionAbout.PERSON, "\x1b[2J armed"),)},
            {"cautions": (Caution("HAZ", CautionAbout.PERSON, "\x1b[2J armed"),)},
        ),
        ("codes.control_characters", {"cautions": (Caution("H\x00Z"),)}, {"cautions": (Caution("HZ"),)}),
        (
            "cautions.at.implausible",
            {"cautions": (Caution("HAZ", at=datetime(1999, 12, 31, tzinfo=UTC)),)},
            {"cautions": (Caution("HAZ"),)},
        ),
        (
            "codes.control_characters",
            {"prior_calls": (PriorCall("25-\n1", "W\x00", disposition="\u202eGOA"),)},
            {"prior_calls": (PriorCall("25-1", "W", disposition="GOA"),)},
        ),
        (
            "prior_calls.at.implausible",
            {"prior_calls": (PriorCall("25-1", at=NOW + timedelta(days=2)),)},
            {"prior_calls": (PriorCall("25-1"),)},
        ),
        (
            "location.at.implausible",
            {"location": Location(text="x", at=datetime(1970, 1, 1, tzinfo=UTC))},
            {"location": Location(text="x")},
        ),
        ("at.implausible", {"at": datetime(1970, 1, 1, tzinfo=UTC)}, {"at": NOW}),
        ("at.implausible", {"at": NOW + timedelta(days=1, seconds=1)}, {"at": NOW}),
    ],
)
def test_what_cannot_be_true_is_dropped_and_named(
    fault: str, said: dict[str, Any], kept: dict[str, Any]
) -> None:
    decoded = after_the_wire(a_cad_event(**said))
    assert decoded.faults == (fault,)
    assert decoded.event == a_cad_event(**kept)


@pytest.mark.parametrize(
    "said",
    [
        {"notes": (Note("one\ntwo\tthree\r\n"),)},
        {"at": NOW + timedelta(hours=23)},
        {"at": datetime(2000, 1, 1, tzinfo=UTC)},
        {"location": Location(latitude=90.0, longitude=-180.0)},
        {"callback": "+1\u00a0555"},
        {"call_type": CallType("WELF", determinant="25-A-1")},
        {"answers": (CodedAnswer("weapon", Answer.YES, "1"),)},
        {"cautions": (Caution(""),)},  # something was flagged, if only that
        {"prior_calls": (PriorCall("", "WELF"),)},
    ],
)
def test_what_can_be_true_is_left_alone(said: dict[str, Any]) -> None:
    decoded = after_the_wire(a_cad_event(**said))
    assert decoded.faults == ()
    assert decoded.event == a_cad_event(**said)


@pytest.mark.parametrize("minutes", [18 * 60 + 1, -18 * 60 - 1, 2**31])
def test_an_impossible_offset_is_read_as_utc(minutes: int) -> None:
    event = a_cad_event()
    record = write_facts(event) | {
        "event_id": "e-1",
        "incident_id": "i-1",
        "agency": "police.example",
        "kind": 1,
        "kind_code": "",
        "at": write_moment(THEN) | {"offset_minutes": minutes},
        "call_id": "",
        "sequence": None,
    }
    decoded = cad_events.decode(FRAMES, FRAMES.write(SchemaName.CAD_EVENT, record), now=NOW)
    assert decoded.faults == ("at.offset",)
    assert decoded.event.at == THEN


@pytest.mark.parametrize("field", ["event_id", "incident_id", "agency"])
@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("missing_id", ""),
        ("missing_id", "  "),
        ("bad_id", "i\x00"),
        ("bad_id", "i\n1"),
        ("bad_id", "\u202ei"),
        ("bad_id", "i" * 201),
    ],
)
def test_an_event_without_its_ids_is_refused(field: str, reason: str, wrong: str) -> None:
    with pytest.raises(UndecodableError) as raised:
        after_the_wire(a_cad_event(**{field: wrong}))
    assert (raised.value.reason, raised.value.detail) == (reason, field)


@pytest.mark.parametrize("field", ["signal_id", "transfer_id", "incident_id", "agency"])
def test_a_signal_without_its_ids_is_refused(field: str) -> None:
    with pytest.raises(UndecodableError) as raised:
        signals.decode(FRAMES, signals.encode(FRAMES, a_signal(**{field: ""})), now=NOW)
    assert (raised.value.reason, raised.value.detail) == ("missing_id", field)


def test_a_speakers_wild_clock_is_replaced_by_ours() -> None:
    signal = a_signal(said_at=NOW + timedelta(days=400), text="x\x00")
    decoded = signals.decode(FRAMES, signals.encode(FRAMES, signal), now=NOW)
    assert decoded.faults == ("said_at.implausible", "text.control_characters")
    assert decoded.signal == a_signal(text="x\x00")


def test_a_place_and_a_type_that_say_nothing_are_not_said() -> None:
    """They would otherwise override what is known of the incident."""
    decoded = after_the_wire(a_cad_event(location=Location(), call_type=CallType("")))
    assert decoded.event == a_cad_event()


def test_the_digest_is_of_the_bytes_as_they_came() -> None:
    value = cad_events.encode(FRAMES, a_cad_event())
    assert cad_events.decode(FRAMES, value, now=NOW).digest == sha256(value).digest()


def test_the_clocks_offset_is_kept() -> None:
    at = NOW.astimezone(timezone(timedelta(hours=-6)))
    assert after_the_wire(a_cad_event(at=at)).event.at.isoformat() == at.isoformat()


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("25A1", "25-A-1"),
        ("25A01", "25-A-1"),
        ("25-A-1", "25-A-1"),
        (" 25a1 ", "25-A-1"),
        ("025-A-01", "25-A-1"),
        ("25A2V", "25-A-2V"),
        ("25-A-2-V", "25-A-2V"),
        ("114Ω1", "114-O-1"),
        ("WELFARE", "WELFARE"),
        ("", ""),
        ("25A1" * 20, "25A1" * 20),
    ],
)
def test_a_determinant_is_written_one_way(written: str, normal: str) -> None:
    assert normalise_determinant(written) == normal
    assert normalise_determinant(normal) == normal


def test_an_events_determinant_is_normalised() -> None:
    assert after_the_wire(a_cad_event(call_type=CallType("W", "", "25A01"))).event.call_type == CallType(
        "W", "", "25-A-1"
    )
