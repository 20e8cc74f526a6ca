"""Frames: which writer's schema a value was written by, and the record inside it.

Avro single-object frames (C3 01, 8 bytes of fingerprint) need no service and are the default; Confluent
frames (00, 4 bytes of id) are written when a registry is given. Both are read. Whatever is wrong with a
value is one error, `UndecodableError`, with a reason of `REASONS` and nothing of the value in it.
"""

from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any, Protocol, cast

from fastavro import schemaless_reader, schemaless_writer
from fastavro.read import SchemaResolutionError

from bridge.errors import SettingsError, UndecodableError
from bridge.wire import schemas
from bridge.wire.schemas import Schema, SchemaName

REASONS = frozenset(
    {
        "empty",  # no bytes
        "tombstone",  # no value: Kafka's "forget this key"
        "unknown_frame",  # neither prefix: perhaps JSON, perhaps a bare Avro body
        "unknown_schema",  # a fingerprint or id nobody told us about
        "registry_away",  # the id is unknown here and the registry does not answer
        "wrong_type",  # a known schema, of another message
        "incompatible_schema",  # a known schema that cannot be read as ours
        "truncated",  # ends before it is complete
        "trailing_bytes",  # goes on after it is complete
        "bad_utf8",  # text that is no UTF-8
        "bad_enum",  # an index or symbol that means nothing here
        "bad_value",  # a value that cannot stand for what its field says
        "too_large",  # more bytes than the limit, or of too many pieces
        "missing_id",  # an id without which nothing can be kept
        "bad_id",  # an id with control characters, or a long one
    }
)

LIMIT = 8 * 1024 * 1024
"""Bytes of the longest value that is read."""

_COUNTED_FROM = 64 * 1024
_MOST_READS = 200_000
"""A long value may be a long story, but not a million empty answers: those take seconds to build."""

_SINGLE_OBJECT = b"\xc3\x01"
_CONFLUENT = b"\x00"
_REMEMBERED = 1000
_MISSING_FOR_S = 30.0
_AWAY_FOR_S = 5.0


class Registry(Protocol):
    """What a schema registry is asked. Both block, `schema_of` for a second at most."""

    def schema_of(self, schema_id: int) -> str | None:
        """The text of a schema, None when there is none; `UndecodableError("registry_away")` otherwise."""

    def id_of(self, subject: str, schema: str) -> int:
        """The id of a schema, registered when it is new; `SettingsError` when that cannot be."""


class Frames:
    """Reads and writes framed records of every message.

    Loads, and with a registry registers, all schemas when made. Record names are the subjects.
    """

    def __init__(
        self, registry: Registry | None = None, *, limit: int = LIMIT, place: Path | None = None
    ) -> None:
        self._registry = registry
        self._limit = limit
        self._missing: dict[int, float] = {}
        self._away_until = 0.0
        self._ours = {name: schemas.current(name, place) for name in SchemaName}
        self._prefixes: dict[SchemaName, bytes] = {}
        self._writers: dict[SchemaName, dict[bytes, Schema]] = {}
        for name, ours in self._ours.items():
            known = {_SINGLE_OBJECT + each.fingerprint: each for each in schemas.released(name, place)}
            prefix = known_as = _SINGLE_OBJECT + ours.fingerprint
            if registry is not None:
                prefix = _CONFLUENT + registry.id_of(ours.full_name, ours.text).to_bytes(4, "big")
            self._writers[name] = {**known, known_as: ours, prefix: ours}
            self._prefixes[name] = prefix

    def schema(self, name: SchemaName) -> Schema:
        """Our own schema of a message."""
        return self._ours[name]

    def write(self, name: SchemaName, record: dict[str, Any]) -> bytes:
        """The frame of a record whose enums are indexes and whose optional values are named pairs.

        Text that is no Unicode (a lone surrogate from somebody's JSON) is written with `?` in its place.
        """
        schema = self._ours[name].indexed
        buffer = BytesIO()
        buffer.write(self._prefixes[name])
        try:
            schemaless_writer(buffer, schema, record)
        except UnicodeEncodeError:
            buffer = BytesIO()
            buffer.write(self._prefixes[name])
            schemaless_writer(buffer, schema, _in_unicode(record))
        return buffer.getvalue()

    def read(self, name: SchemaName, value: bytes | None) -> dict[str, Any]:
        """The record in `value`, shaped by our own schema. Its enums are indexes or symbols of ours.

        Raises `UndecodableError`, and nothing else, whatever the bytes are.
        """
        start = self._start_of_body(value)
        assert value is not None
        prefix = value[:start]
        writer = self._writers[name].get(prefix) or self._found(name, prefix)
        ours = self._ours[name]
        raw = _body(value, start, writer.indexed, None)
        if writer.fingerprint == ours.fingerprint:
            return raw
        if not writer.indexes_fit(raw):
            raise UndecodableError("bad_enum")
        return _body(value, start, writer.plain, ours.plain)

    def _start_of_body(self, value: bytes | None) -> int:
        if value is None:
            raise UndecodableError("tombstone")
        if not value:
            raise UndecodableError("empty")
        if len(value) > self._limit:
            raise UndecodableError("too_large", f"over {self._limit} bytes")
        if value[:2] == _SINGLE_OBJECT:
            start = 10
        elif value[:1] == _CONFLUENT:
            start = 5
        else:
            raise UndecodableError("unknown_frame")
        if len(value) < start:
            raise UndecodableError("truncated", "within the frame's prefix")
        return start

    def _found(self, name: SchemaName, prefix: bytes) -> Schema:
        """The schema behind a prefix that was not known for this message: asked for once."""
        if any(prefix in known for known in self._writers.values()):
            raise UndecodableError("wrong_type", f"not a {name}")
        if self._registry is None or not prefix.startswith(_CONFLUENT):
            raise UndecodableError("unknown_schema")
        schema = self._asked(self._registry, int.from_bytes(prefix[1:], "big"))
        ours = self._ours[name]
        if schema.full_name.rpartition(".")[2] != ours.full_name.rpartition(".")[2]:
            raise UndecodableError("wrong_type", f"not a {name}")
        self._writers[name][prefix] = schema
        return schema

    def _asked(self, registry: Registry, schema_id: int) -> Schema:
        now = monotonic()
        if self._missing.get(schema_id, 0.0) > now:
            raise UndecodableError("unknown_schema")
        if self._away_until > now:
            raise UndecodableError("registry_away")
        try:
            text = registry.schema_of(schema_id)
            if text is not None:
                return schemas.prepared(text)
        except UndecodableError:
            self._away_until = monotonic() + _AWAY_FOR_S
            raise
        except SettingsError:
            text = None
        if len(self._missing) >= _REMEMBERED:
            self._missing.clear()
        self._missing[schema_id] = now + _MISSING_FOR_S
        raise UndecodableError("unknown_schema")


class _TooManyError(Exception):
    """The value is made of too many pieces."""


class _Counted(BytesIO):
    """Gives up after a number of reads, of which every piece of a value takes one or more."""

    def __init__(self, value: bytes) -> None:
        super().__init__(value)
        self._reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads += 1
        if self._reads > _MOST_READS:
            raise _TooManyError
        return super().read(size)


def _body(value: bytes, start: int, writer: Any, reader: Any) -> dict[str, Any]:
    """The one place where fastavro reads: its errors become reasons, outside of the handler, so that
    nothing of the value hangs on the error we raise."""
    buffer = BytesIO(value) if len(value) < _COUNTED_FROM else _Counted(value)
    buffer.seek(start)
    try:
        record: Any = schemaless_reader(buffer, writer, reader)
    except _TooManyError:
        reason = "too_large"
    except (EOFError, IndexError):
        reason = "truncated" if buffer.tell() >= len(value) else "bad_value"
    except UnicodeDecodeError:
        reason = "bad_utf8"
    except SchemaResolutionError:
        reason = "incompatible_schema"
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError, MemoryError):
        reason = "bad_value"
    else:
        if buffer.tell() == len(value):
            return cast(dict[str, Any], record)
        reason = "trailing_bytes"
    raise UndecodableError(reason)


def _in_unicode(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_in_unicode(key): _in_unicode(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_in_unicode(each) for each in value)
    return value
