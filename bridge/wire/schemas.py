"""The Avro schemas: where they lie, and what is made of one before it reads a byte.

A schema is read in two editions: `plain`, with enums as symbols, which can be resolved against another
schema, and `indexed`, where every enum is the int it is on the wire, so that an index can be checked.
Knows nothing of frames and messages.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import fastavro
from fastavro.schema import SchemaParseException, fingerprint, to_parsing_canonical_form

from bridge.errors import SettingsError

_NAMED = ("record", "enum", "fixed")
_LEAST = {"null": 0, "float": 4, "double": 8}
"""Bytes of the types that do not take one at least."""


class SchemaName(StrEnum):
    """The messages, by the name of their file."""

    CAD_EVENT = "cad_event"
    INCIDENT = "incident"
    OFFER = "offer"
    RETURN = "return_to_911"
    SIGNAL = "signal"
    STATUS = "status"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema, ready to read and write by, and its named types in the plain edition.

    `fingerprint` is CRC-64-AVRO of the parsing canonical form, little-endian, as a frame carries it.
    """

    full_name: str
    text: str
    fingerprint: bytes
    plain: Any
    indexed: Any
    types: dict[str, Any]

    def indexes_fit(self, raw: Any) -> bool:
        """Whether every enum index in `raw`, read by the indexed edition, is one of this schema's.

        The reader takes a negative index for one counted from the end. Below a union of several types
        it is unknown which was read, and nothing is checked.
        """
        return _indexes_fit(self.plain, raw, self.types)


@cache
def folder() -> Path:
    """The folder of the schemas: inside an installed package, otherwise at the top of the checkout."""
    installed = Path(str(resources.files("bridge"))) / "schemas"
    checkout = Path(__file__).parents[2] / "schemas"
    for place in (installed, checkout):
        if (place / f"{SchemaName.CAD_EVENT}.avsc").is_file():
            return place
    raise SettingsError(f"{installed}: no Avro schemas; install the package again, or run from a checkout")


def current(name: SchemaName, place: Path | None = None) -> Schema:
    """Today's schema of a message."""
    return _of_file((place or folder()) / f"{name}.avsc")


def released(name: SchemaName, place: Path | None = None) -> Iterator[Schema]:
    """Every schema of a message that was ever released, because its producers may still run."""
    for path in sorted(((place or folder()) / "released").glob(f"*/{name}.avsc")):
        yield _of_file(path)


def _of_file(path: Path) -> Schema:
    try:
        return prepared(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, SettingsError) as error:
        wrong = error if isinstance(error, SettingsError) else "not there or not UTF-8; install it again"
    raise SettingsError(f"{path}: {wrong}")


def prepared(text: str) -> Schema:
    """The schema of `text`, in both editions.

    Raises `SettingsError` for text that is no schema, and for one whose data could be endless: a type
    inside itself overflows the reader's stack, and a list of items of no bytes makes a short message a
    long list.
    """
    try:
        parsed: Any = fastavro.parse_schema(json.loads(text))
        digest = bytes.fromhex(fingerprint(to_parsing_canonical_form(parsed), "CRC-64-AVRO"))
        named: dict[str, Any] = {}
        bare = _bare(parsed, named)
        _least_bytes(bare, named, ())
        indexed = fastavro.parse_schema(_with_indexes(bare, named))
        full_name: str = parsed["name"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, SchemaParseException) as error:
        raise SettingsError(f"not a usable Avro record schema ({type(error).__name__}); correct it") from None
    return Schema(full_name, text, digest, fastavro.parse_schema(bare), indexed, named)


def _bare(schema: Any, named: dict[str, Any]) -> Any:
    """Without docs and logical types: a logical type costs time and can fail where its number cannot."""
    if isinstance(schema, str):
        return schema
    if isinstance(schema, list):
        return [_bare(each, named) for each in schema]
    kind = schema["type"]
    if isinstance(kind, dict | list):
        return _bare(kind, named)
    bare: dict[str, Any] = {"type": kind}
    if kind in _NAMED:
        named[schema["name"]] = bare
    for key in ("name", "aliases", "symbols", "default", "size"):
        if key in schema:
            bare[key] = schema[key]
    for key in ("items", "values"):
        if key in schema:
            bare[key] = _bare(schema[key], named)
    if kind == "record":
        bare["fields"] = [
            {
                **{key: each[key] for key in ("name", "default", "aliases") if key in each},
                "type": _bare(each["type"], named),
            }
            for each in schema["fields"]
        ]
    return bare if len(bare) > 1 else kind


def _indexes_fit(schema: Any, value: Any, named: dict[str, Any]) -> bool:
    if isinstance(schema, str):
        return schema not in named or _indexes_fit(named[schema], value, named)
    if isinstance(schema, list):
        others = [each for each in schema if each != "null"]
        return value is None or len(others) != 1 or _indexes_fit(others[0], value, named)
    match schema["type"]:
        case "record":
            return all(_indexes_fit(each["type"], value[each["name"]], named) for each in schema["fields"])
        case "array":
            return all(_indexes_fit(schema["items"], each, named) for each in value)
        case "map":
            return all(_indexes_fit(schema["values"], each, named) for each in value.values())
        case "enum":
            return 0 <= int(value) < len(schema["symbols"])
    return True


def _with_indexes(schema: Any, named: dict[str, Any]) -> Any:
    """The same schema with every enum as an int. Defaults go: nothing is resolved against this edition."""
    if isinstance(schema, str):
        return "int" if named.get(schema, {}).get("type") == "enum" else schema
    if isinstance(schema, list):
        return [_with_indexes(each, named) for each in schema]
    match schema["type"]:
        case "enum":
            return "int"
        case "array":
            return {"type": "array", "items": _with_indexes(schema["items"], named)}
        case "map":
            return {"type": "map", "values": _with_indexes(schema["values"], named)}
        case "record":
            fields = [
                {"name": each["name"], "type": _with_indexes(each["type"], named)}
                for each in schema["fields"]
            ]
            return {"type": "record", "name": schema["name"], "fields": fields}
    return schema


def _least_bytes(schema: Any, named: dict[str, Any], within: tuple[str, ...]) -> int:
    """The fewest bytes a value can take; refuses what can be endless."""
    if isinstance(schema, str):
        if schema in within:
            raise ValueError("a type contains itself")
        return _least_bytes(named[schema], named, within) if schema in named else _LEAST.get(schema, 1)
    if isinstance(schema, list):
        for each in schema:
            _least_bytes(each, named, within)
        return 1
    match schema["type"]:
        case "record":
            inside = (*within, schema["name"])
            return sum(_least_bytes(each["type"], named, inside) for each in schema["fields"])
        case "array":
            if not _least_bytes(schema["items"], named, within):
                raise ValueError("a list of items of no bytes")
        case "map":
            _least_bytes(schema["values"], named, within)
        case "fixed":
            return int(schema["size"])
    return 1
