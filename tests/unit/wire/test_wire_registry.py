"""Confluent frames, over the real client and a small registry that speaks its REST interface."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from wire_messages import FRAMES, NOW, a_cad_event

from bridge.errors import SettingsError, UndecodableError
from bridge.wire import cad_events
from bridge.wire.frames import Frames
from bridge.wire.registry import ConfluentRegistry
from bridge.wire.schemas import SchemaName

pytest.importorskip("confluent_kafka.schema_registry", reason="needs the extra `registry`")

UNKNOWN_ID = 999


class SmallRegistry:
    """Schemas by id and by subject, and a count of what was asked."""

    def __init__(self) -> None:
        self.schemas: dict[int, str] = {}
        self.subjects: dict[str, list[int]] = {}
        self.asked: list[str] = []
        self.broken = False
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.asked.append(self.path)
                schema_id = int(self.path.split("?")[0].rpartition("/")[2])
                text = registry.schemas.get(schema_id)
                if text is None:
                    self._answer(404, {"error_code": 40403, "message": "Schema not found"})
                else:
                    self._answer(200, {"schema": text, "schemaType": "AVRO"})

            def do_POST(self) -> None:
                registry.asked.append(self.path)
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self._answer(200, {"id": registry.keep(self.path.split("/")[2], body["schema"])})

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                if registry.broken:
                    status, body = 500, {"error_code": 50001, "message": "broken"}
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/vnd.schemaregistry.v1+json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing: the test looks at `asked`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def keep(self, subject: str, text: str) -> int:
        for known, each in self.schemas.items():
            if each == text:
                return known
        schema_id = len(self.schemas) + 1
        self.schemas[schema_id] = text
        self.subjects.setdefault(subject, []).append(schema_id)
        return schema_id

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def registry() -> Iterator[SmallRegistry]:
    small = SmallRegistry()
    yield small
    small.stop()


def read(frames: Frames, value: bytes) -> str:
    """The event's id, or the reason why there is none."""
    try:
        return cad_events.decode(frames, value, now=NOW).event.event_id
    except UndecodableError as error:
        return error.reason


def test_every_schema_is_registered_at_the_start_and_frames_carry_its_id(registry: SmallRegistry) -> None:
    frames = Frames(ConfluentRegistry(registry.url))
    assert set(registry.subjects) == {FRAMES.schema(name).full_name for name in SchemaName}
    value = cad_events.encode(frames, a_cad_event())
    (schema_id,) = registry.subjects["org.bridge911.CadEvent"]
    assert value[:5] == b"\x00" + schema_id.to_bytes(4, "big")
    asked = len(registry.asked)
    assert read(frames, value) == "e-1"
    assert len(registry.asked) == asked


def test_both_frames_are_read(registry: SmallRegistry) -> None:
    frames = Frames(ConfluentRegistry(registry.url))
    single = cad_events.encode(FRAMES, a_cad_event())
    confluent = cad_events.encode(frames, a_cad_event())
    assert single[10:] == confluent[5:]
    assert read(frames, single) == read(frames, confluent) == "e-1"
    assert read(FRAMES, confluent) == "unknown_schema"


def test_an_id_of_somebody_elses_schema_is_asked_for_once(registry: SmallRegistry) -> None:
    frames = Frames(ConfluentRegistry(registry.url))
    theirs = json.loads(FRAMES.schema(SchemaName.CAD_EVENT).text)
    theirs["namespace"] = "com.vendor"
    theirs["fields"].append({"name": "shift", "type": "string", "default": ""})
    schema_id = registry.keep("vendor", json.dumps(theirs))
    body = cad_events.encode(FRAMES, a_cad_event())[10:] + b"\x02A"
    asked = len(registry.asked)
    for _ in range(3):
        assert read(frames, b"\x00" + schema_id.to_bytes(4, "big") + body) == "e-1"
    assert len(registry.asked) == asked + 1


def test_an_id_that_is_nowhere_is_asked_for_once(registry: SmallRegistry) -> None:
    frames = Frames(ConfluentRegistry(registry.url))
    asked = len(registry.asked)
    for _ in range(3):
        assert read(frames, b"\x00" + UNKNOWN_ID.to_bytes(4, "big") + b"x") == "unknown_schema"
    assert len(registry.asked) == asked + 1


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("wrong_type", FRAMES.schema(SchemaName.SIGNAL).text.replace("Signal", "Other")),
        (
            "unknown_schema",
            '{"type": "record", "name": "CadEvent", "fields": [{"name": "a", "type": "CadEvent"}]}',
        ),
        ("unknown_schema", "not a schema"),
    ],
)
def test_a_registered_schema_that_is_of_no_use_is_refused(
    registry: SmallRegistry, reason: str, text: str
) -> None:
    frames = Frames(ConfluentRegistry(registry.url))
    schema_id = registry.keep("other", text)
    assert read(frames, b"\x00" + schema_id.to_bytes(4, "big") + b"x") == reason


def test_a_broken_registry_is_left_alone_and_known_schemas_are_read(registry: SmallRegistry) -> None:
    frames = Frames(ConfluentRegistry(registry.url))
    registry.broken = True
    asked = len(registry.asked)
    assert read(frames, b"\x00" + UNKNOWN_ID.to_bytes(4, "big") + b"x") == "registry_away"
    assert read(frames, b"\x00" + (UNKNOWN_ID + 1).to_bytes(4, "big") + b"x") == "registry_away"
    assert len(registry.asked) == asked + 1
    assert read(frames, cad_events.encode(frames, a_cad_event())) == "e-1"


def test_a_registry_that_is_gone_is_said_so() -> None:
    small = SmallRegistry()
    frames = Frames(ConfluentRegistry(small.url))
    small.stop()
    assert read(frames, b"\x00" + UNKNOWN_ID.to_bytes(4, "big") + b"x") == "registry_away"
    with pytest.raises(SettingsError, match="could not be asked"):
        Frames(ConfluentRegistry(small.url))


def test_a_registry_that_refuses_is_said_so(registry: SmallRegistry) -> None:
    registry.broken = True
    with pytest.raises(SettingsError, match="HTTP 500"):
        Frames(ConfluentRegistry(registry.url))


def test_an_address_that_is_none_is_said_so() -> None:
    with pytest.raises(SettingsError, match="URL"):
        ConfluentRegistry("nowhere")
