"""Frames: who wrote a value, and that whatever is wrong with it is one error with nothing of it inside."""

import json
import time
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any

import fastavro
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wire_messages import FRAMES, NOW, a_cad_event, a_signal, zigzag
from wire_messages import cad_events as any_event

from bridge.domain.cad import CadEvent, EventKind, Note
from bridge.errors import SettingsError, UndecodableError
from bridge.wire import cad_events, incidents, offers, quarantines, returns, schemas, signals, statuses
from bridge.wire.frames import REASONS, Frames
from bridge.wire.schemas import SchemaName

CANARY = "CANARYNARRATIVE"
PREFIX = b"\xc3\x01" + FRAMES.schema(SchemaName.CAD_EVENT).fingerprint
IDS = b"".join(zigzag(len(each)) + each for each in (b"e", b"i", b"a"))
GOOD = cad_events.encode(FRAMES, a_cad_event(notes=(Note(CANARY),)))


def reason_of(value: bytes | None, frames: Frames = FRAMES) -> str:
    with pytest.raises(UndecodableError) as raised:
        cad_events.decode(frames, value, now=NOW)
    assert CANARY not in repr(raised.value) + repr(raised.value.__context__)
    return raised.value.reason


@pytest.mark.parametrize(
    ("reason", "value"),
    [
        ("tombstone", None),
        ("empty", b""),
        ("unknown_frame", b'{"incident": 1}'),
        ("unknown_frame", b"\xc3\x02" + GOOD[2:]),
        ("truncated", b"\xc3\x01abc"),
        ("truncated", b"\x00\x00"),
        ("unknown_schema", b"\xc3\x01" + bytes(8) + GOOD[10:]),
        ("unknown_schema", b"\x00\x00\x00\x00\x07" + GOOD[10:]),
        ("wrong_type", signals.encode(FRAMES, a_signal())),
        ("truncated", PREFIX),
        ("truncated", GOOD[:-1]),
        ("truncated", PREFIX + b"\x80\x80\x80"),
        ("trailing_bytes", GOOD + b"\x00"),
        ("bad_utf8", PREFIX + zigzag(2) + b"\xff\xfe" + GOOD[10:]),
        ("too_large", GOOD + bytes(8 * 1024 * 1024)),
    ],
)
def test_what_is_wrong_with_a_value_has_one_word(reason: str, value: bytes | None) -> None:
    assert reason_of(value) == reason


@pytest.mark.parametrize("index", [-1, -7, 7, 2**40, -(2**63)])
def test_an_enum_index_that_means_nothing_is_refused(index: int) -> None:
    """The library underneath takes -1 for the last symbol: a CREATED would be read as a REOPENED."""
    kind = zigzag(1)
    assert GOOD.count(kind, 10) and GOOD[10:].startswith(zigzag(3) + b"e-1")
    at = GOOD.index(b"police.example") + len(b"police.example")
    assert GOOD[at : at + 1] == kind
    assert reason_of(GOOD[:at] + zigzag(index) + GOOD[at + 1 :]) == "bad_enum"


@pytest.mark.parametrize("claimed", [10**12, 2**62, -(10**12), -(2**63)])
def test_a_claim_of_endless_items_costs_neither_time_nor_memory(claimed: int) -> None:
    frame = GOOD[: GOOD.index(zigzag(len(CANARY)) + CANARY.encode()) - 1] + zigzag(claimed)
    tracemalloc.start()
    began = time.process_time()
    assert reason_of(frame) in REASONS
    assert reason_of(frame + zigzag(5) + b"\x00" * 100) in REASONS
    assert time.process_time() - began < 5
    assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    tracemalloc.stop()


def test_a_long_story_is_read_and_a_million_empty_answers_are_not() -> None:
    """Both are within the limit of bytes; the second would stop everybody else's calls for seconds."""
    story = a_cad_event(notes=tuple(Note(f"{each} " + "word " * 1000) for each in range(500)))
    assert cad_events.decode(FRAMES, cad_events.encode(FRAMES, story), now=NOW).event == story
    nothing = cad_events.encode(FRAMES, a_cad_event())
    assert nothing.endswith(bytes(6))  # no answers, notes, units; not practice; no cautions, prior calls
    claimed = nothing[:-6] + zigzag(1_000_000) + bytes(3_000_000) + bytes(6)
    assert reason_of(claimed) == "too_large"


def test_the_limit_is_a_setting() -> None:
    small = Frames(limit=len(GOOD) - 1)
    assert reason_of(GOOD, small) == "too_large"
    assert cad_events.decode(Frames(limit=len(GOOD)), GOOD, now=NOW).faults == ()


@settings(max_examples=400, deadline=10_000)
@given(st.binary(max_size=300), st.sampled_from([b"", PREFIX, PREFIX + IDS, b"\x00\x00\x00\x00\x01"]))
@example(PREFIX * 40, b"")
def test_random_bytes_raise_nothing_else(noise: bytes, start: bytes) -> None:
    for decode in (cad_events.decode, signals.decode):
        try:
            decode(FRAMES, start + noise, now=NOW)
        except UndecodableError as error:
            assert error.reason in REASONS


@settings(max_examples=400, deadline=10_000)
@given(any_event, st.data())
def test_a_damaged_frame_raises_nothing_else(event: CadEvent, data: st.DataObject) -> None:
    value = bytearray(cad_events.encode(FRAMES, event))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(value) - 1))
        value[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=10))
        if not value:
            return
    try:
        decoded = cad_events.decode(FRAMES, bytes(value), now=NOW)
    except UndecodableError as error:
        assert error.reason in REASONS
    else:
        assert decoded.event.at <= NOW.replace(day=NOW.day + 1)


@settings(max_examples=200, deadline=10_000)
@given(st.sampled_from(SchemaName), st.binary(max_size=200))
def test_our_own_messages_are_read_or_refused(name: SchemaName, noise: bytes) -> None:
    value = b"\xc3\x01" + FRAMES.schema(name).fingerprint + noise
    for decode in (
        incidents.decode,
        offers.decode,
        returns.decode,
        statuses.decode,
        quarantines.decode,
    ):
        try:
            decode(FRAMES, value)
        except UndecodableError as error:
            assert error.reason in REASONS


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of the schemas, to which a test adds a release of its own."""
    for path in schemas.folder().glob("*.avsc"):
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "released" / "0").mkdir(parents=True)
    return tmp_path


def released_before(place: Path, change: Any) -> dict[str, Any]:
    """An older edition of CAD events, as `change` makes it."""
    schema: dict[str, Any] = json.loads((place / "cad_event.avsc").read_text())
    change(schema["fields"])
    (place / "released" / "0" / "cad_event.avsc").write_text(json.dumps(schema))
    return schema


def written_by(schema: dict[str, Any], record: dict[str, Any]) -> bytes:

    buffer = BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(schema), record)
    return b"\xc3\x01" + schemas.prepared(json.dumps(schema)).fingerprint + buffer.getvalue()


RECORD = {
    "event_id": "e-1",
    "incident_id": "i-1",
    "agency": "police.example",
    "kind": "CLOSED",
    "at": {"micros": 1_768_400_000_000_000, "offset_minutes": 0},
}


def test_a_producer_of_an_older_release_is_still_read(place: Path) -> None:
    """Fewer fields, one that is gone since, symbols in another order and one that is unknown today."""

    def older(fields: list[dict[str, Any]]) -> None:
        del fields[-8:]
        fields.insert(0, {"name": "console", "type": "string"})
        kind = next(each for each in fields if each["name"] == "kind")
        kind["type"]["symbols"] = ["UNKNOWN", "CLOSED", "MERGED", "CREATED"]

    schema = released_before(place, older)
    frames = Frames(place=place)
    record = {**RECORD, "console": "c-1"}
    read = cad_events.decode(frames, written_by(schema, record), now=NOW).event
    assert (read.event_id, read.kind, read.notes, read.practice) == ("e-1", EventKind.CLOSED, (), False)
    merged = cad_events.decode(frames, written_by(schema, {**record, "kind": "MERGED"}), now=NOW).event
    assert merged.kind is EventKind.UNKNOWN


def test_an_older_producers_negative_index_is_refused_too(place: Path) -> None:
    schema = released_before(place, lambda fields: fields.pop())
    frames = Frames(place=place)
    value = written_by(schema, RECORD)
    at = value.index(b"police.example") + len(b"police.example")
    assert reason_of(value[:at] + zigzag(-1) + value[at + 1 :], frames) == "bad_enum"


def test_a_release_that_cannot_be_read_as_ours_is_said_so(place: Path) -> None:
    def other(fields: list[dict[str, Any]]) -> None:
        next(each for each in fields if each["name"] == "event_id")["type"] = "long"

    schema = released_before(place, other)
    assert (
        reason_of(written_by(schema, {**RECORD, "event_id": 5}), Frames(place=place)) == "incompatible_schema"
    )


def test_schemas_that_are_not_there_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cad_event\.avsc"):
        Frames(place=tmp_path)
