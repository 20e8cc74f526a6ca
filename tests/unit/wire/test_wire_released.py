"""What an earlier release wrote is read by this one: snapshots in the ledger, events and offers in Kafka."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import avro.io
import avro.schema
import fastavro
import pytest
import wire_messages as a
from hypothesis import given, settings
from hypothesis import strategies as st
from test_wire_examples import THROUGH_THE_DOMAIN, example

from bridge.domain.cad import CadEvent, Channel
from bridge.domain.incident import Incident
from bridge.domain.message import Offer, OfferKind
from bridge.wire import cad_events, incidents, offers, schemas
from bridge.wire.frames import Frames
from bridge.wire.schemas import SchemaName
from bridge.wire.symbols import symbols_of

FIRST = schemas.folder() / "released" / "1"
THEN = Frames(place=FIRST)
"""Frames as the first release made them."""

RELEASED = sorted((schemas.folder() / "released").glob("*/*.avsc"))
WAYS_IN_THEN = [Channel[each] for each in symbols_of(Channel)[:8]]
OFFER_KINDS_THEN = list(OfferKind)[:6]
often = settings(max_examples=100, deadline=None)


def as_then(incident: Incident, channel: Channel) -> Incident:
    """The incident with nothing that the first release could not say."""
    return replace(incident, channel=channel, cautions=(), prior_calls=())


ways_in_then = st.sampled_from(WAYS_IN_THEN)
incidents_then = st.builds(as_then, a.incidents, ways_in_then)


def written(by: avro.schema.Schema, record: object) -> bytes:
    """The frame of a record as the reference implementation writes it."""
    body = BytesIO()
    avro.io.DatumWriter(by).write(record, avro.io.BinaryEncoder(body))
    return b"\xc3\x01" + by.fingerprint("CRC-64-AVRO") + body.getvalue()


def read_as(then: avro.schema.Schema, value: bytes, name: SchemaName) -> object:
    """A frame of today, as the reference implementation reads it for somebody who has an older schema."""
    today = avro.schema.parse(a.FRAMES.schema(name).text)
    return avro.io.DatumReader(today, then).read(avro.io.BinaryDecoder(BytesIO(value[10:])))


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_older_release_and_today_understand_each_others_bytes(path: Path) -> None:
    name, then = SchemaName(path.stem), avro.schema.parse(path.read_text())
    today = written(avro.schema.parse(a.FRAMES.schema(name).text), example(name))
    record = read_as(then, today, name)
    rewritten = THROUGH_THE_DOMAIN[name](written(then, record))
    assert rewritten[:10] == today[:10]
    assert read_as(then, rewritten, name) == record


@often
@given(incidents_then)
def test_a_snapshot_of_the_first_release_is_read(incident: Incident) -> None:
    assert incidents.decode(a.FRAMES, incidents.encode(THEN, incident)) == incident


@often
@given(a.cad_events, ways_in_then)
def test_an_event_of_a_producer_of_the_first_release_is_read(event: CadEvent, channel: Channel) -> None:
    event = replace(event, channel=channel, cautions=(), prior_calls=())
    assert cad_events.decode(a.FRAMES, cad_events.encode(THEN, event), now=a.NOW).event == event


@often
@given(a.offers, st.sampled_from(OFFER_KINDS_THEN), incidents_then)
def test_an_offer_of_the_first_release_is_read(offer: Offer, kind: OfferKind, facts: Incident) -> None:
    offer = replace(offer, kind=kind, facts=facts, subject="", state="", text="", notice="")
    assert offers.decode(a.FRAMES, offers.encode(THEN, offer)) == offer


@pytest.mark.parametrize("channel", [each for each in Channel if each not in WAYS_IN_THEN])
def test_a_reader_of_the_first_release_reads_a_new_way_in_as_unknown(channel: Channel) -> None:
    """And nothing else of the message is lost to it: the code that the way in was mapped from stays."""
    value = cad_events.encode(a.FRAMES, a.a_cad_event(channel=channel, channel_code="5005"))
    writer, reader = (
        fastavro.parse_schema(json.loads(frames.schema(SchemaName.CAD_EVENT).text))
        for frames in (a.FRAMES, THEN)
    )
    read = fastavro.schemaless_reader(BytesIO(value[10:]), writer, reader)
    assert isinstance(read, dict)
    assert (read["channel"], read["channel_code"], read["event_id"]) == ("UNKNOWN", "5005", "e-1")


def test_the_indexes_that_travelled_still_mean_the_same() -> None:
    assert [each.name for each in WAYS_IN_THEN] == [
        *("UNKNOWN", "NINE_ONE_ONE", "NON_EMERGENCY_LINE", "DIRECT_LINE", "OFFICER", "ON_VIEW"),
        *("NINE_EIGHT_EIGHT", "SELF_INITIATED"),
    ]
