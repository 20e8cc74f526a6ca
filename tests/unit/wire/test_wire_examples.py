"""The examples are read and written by the reference implementation exactly as by us."""

import json
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import avro.io
import avro.schema
import fastavro
import pytest
from wire_messages import FRAMES, NOW

from bridge.wire import cad_events, incidents, offers, quarantines, returns, schemas, signals, statuses
from bridge.wire.schemas import SchemaName

THROUGH_THE_DOMAIN: dict[SchemaName, Callable[[bytes], bytes]] = {
    SchemaName.CAD_EVENT: lambda v: cad_events.encode(
        FRAMES, cad_events.decode(FRAMES, v, now=NOW.replace(day=16)).event
    ),
    SchemaName.INCIDENT: lambda v: incidents.encode(FRAMES, incidents.decode(FRAMES, v)),
    SchemaName.OFFER: lambda v: offers.encode(FRAMES, offers.decode(FRAMES, v)),
    SchemaName.RETURN: lambda v: returns.encode(FRAMES, returns.decode(FRAMES, v)),
    SchemaName.SIGNAL: lambda v: signals.encode(
        FRAMES, signals.decode(FRAMES, v, now=NOW.replace(day=16)).signal
    ),
    SchemaName.STATUS: lambda v: statuses.encode(FRAMES, statuses.decode(FRAMES, v)),
    SchemaName.QUARANTINE: lambda v: quarantines.encode(FRAMES, quarantines.decode(FRAMES, v)),
}


def example(name: SchemaName) -> Any:
    """The record of an example, its unions plain."""
    text = json.loads((schemas.folder() / "examples" / f"{name}.json").read_text())
    assert text["about"].startswith("Invented")
    schema = fastavro.parse_schema(json.loads(FRAMES.schema(name).text))
    return next(iter(fastavro.json_reader(StringIO(json.dumps(text["record"])), schema)))


@pytest.mark.parametrize("name", SchemaName)
def test_the_reference_implementation_writes_and_reads_the_same_bytes(name: SchemaName) -> None:
    schema = avro.schema.parse(FRAMES.schema(name).text)
    record = example(name)
    buffer = BytesIO()
    avro.io.DatumWriter(schema).write(record, avro.io.BinaryEncoder(buffer))
    theirs = b"\xc3\x01" + schema.fingerprint("CRC-64-AVRO") + buffer.getvalue()
    ours = THROUGH_THE_DOMAIN[name](theirs)
    assert ours == theirs
    decoder = avro.io.BinaryDecoder(BytesIO(ours[10:]))
    assert avro.io.DatumReader(schema, schema).read(decoder) == record


@pytest.mark.parametrize("name", SchemaName)
def test_an_example_names_every_field(name: SchemaName) -> None:
    text = json.loads((schemas.folder() / "examples" / f"{name}.json").read_text())
    fields = json.loads(FRAMES.schema(name).text)["fields"]
    assert list(text["record"]) == [each["name"] for each in fields]
