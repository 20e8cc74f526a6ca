"""Headers say what a message is without its value being opened, and never cost a call."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire.cloudevents import CloudEvent, headers, parse

FULL = CloudEvent(
    id="m-1",
    source="//bridge.example",
    type="org.bridge911.Offer",
    subject="i-1",
    time=datetime(2026, 1, 14, 6, 0, 0, 250000, tzinfo=timezone(timedelta(hours=-6))),
    partition_key="i-1",
    sequence=7,
    expiry_time=datetime(2026, 1, 14, 12, 1, tzinfo=UTC),
    data_classification="restricted",
    trace_parent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


def test_the_headers_are_kafkas_binary_mode() -> None:
    assert headers(FULL) == [
        ("ce_id", b"m-1"),
        ("ce_source", b"//bridge.example"),
        ("ce_specversion", b"1.0"),
        ("ce_type", b"org.bridge911.Offer"),
        ("ce_time", b"2026-01-14T06:00:00.250000-06:00"),
        ("ce_subject", b"i-1"),
        ("ce_partitionkey", b"i-1"),
        ("ce_sequence", b"0000000007"),
        ("ce_expirytime", b"2026-01-14T12:01:00+00:00"),
        ("ce_dataclassification", b"restricted"),
        ("ce_traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("content-type", b"application/avro"),
    ]


def test_what_was_said_comes_back() -> None:
    assert parse(headers(FULL)) == FULL


@given(st.integers(0, 10**10 - 1), st.integers(0, 10**10 - 1))
def test_sequences_compare_as_text(one: int, other: int) -> None:
    texts = [dict(headers(CloudEvent(sequence=each)))["ce_sequence"] for each in (one, other)]
    assert (texts[0] < texts[1]) == (one < other)


NOTHING = CloudEvent(content_type="", spec_version="")


@pytest.mark.parametrize("given_headers", [None, (), [], [("x-other", b"1")], [("ce_id", None)]])
def test_headers_that_are_missing_say_nothing(given_headers: list[tuple[str, bytes | None]] | None) -> None:
    assert parse(given_headers) == NOTHING


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_time", b"yesterday"),
        ("ce_time", b"2026-01-14T06:00:00"),
        ("ce_time", b"9999-99-99T00:00:00Z"),
        ("ce_sequence", b"-1"),
        ("ce_sequence", "\u0663".encode()),
        ("ce_sequence", b"1" * 5000),
        ("ce_subject", b"i\x00"),
        ("ce_subject", b"i\n1"),
    ],
)
def test_a_header_that_cannot_be_read_says_nothing(name: str, value: bytes) -> None:
    assert parse([(name, value)]) == NOTHING


def test_other_peoples_habits_are_read() -> None:
    read = parse(
        [("Content-Type", b"application/vnd.apache.avro+binary"), ("ce_time", b"2026-01-14T12:00:00Z")]
    )
    assert read.content_type == "application/vnd.apache.avro+binary"
    assert read.time == datetime(2026, 1, 14, 12, tzinfo=UTC)


@given(st.lists(st.tuples(st.text(max_size=12), st.none() | st.binary(max_size=40)), max_size=6))
def test_no_header_raises(noise: list[tuple[str, bytes | None]]) -> None:
    parse(noise)
    names = [name for name, _ in headers(FULL)]
    parse(list(zip(names, [value for _, value in noise], strict=False)))
