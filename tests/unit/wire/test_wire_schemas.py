"""The schemas: rules that every one keeps, and the promise to those who read and write older ones.

To release: copy `schemas/*.avsc` to the next number under `schemas/released/`, and never edit it again.
"""

import copy
import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import avro.schema
import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType

from bridge.domain import cad, decision, leg, message, presence, rescue, signal
from bridge.errors import SettingsError
from bridge.wire import schemas
from bridge.wire.schemas import SchemaName
from bridge.wire.symbols import symbols_of

FOLDER = schemas.folder()
RELEASED = sorted((FOLDER / "released").glob("*/*.avsc"))
ENUMS: dict[str, type[StrEnum]] = {
    each.__name__: each
    for each in (
        cad.Answer,
        cad.AuthorRole,
        cad.CautionAbout,
        cad.Channel,
        cad.EventKind,
        cad.LocationSource,
        cad.UnitStatus,
        decision.TransferKind,
        decision.Verdict,
        decision.Weight,
        leg.LegKind,
        leg.Mode,
        leg.Why,
        presence.QueueState,
        rescue.Consent,
        rescue.WhoFor,
        message.OfferKind,
        message.ReturnKind,
        signal.SignalKind,
        signal.Speaker,
    )
}
CODE_BESIDE = {
    "EventKind": "kind_code",
    "Channel": "channel_code",
    "LocationSource": "source_code",
    "UnitStatus": "status_code",
}


def load(name: SchemaName) -> Any:
    return json.loads((FOLDER / f"{name}.avsc").read_text())


def types_in(schema: Any) -> Iterator[dict[str, Any]]:
    """Every type that is written out, outermost first."""
    if isinstance(schema, list):
        for each in schema:
            yield from types_in(each)
    elif isinstance(schema, dict):
        yield schema
        for inner in (
            schema.get("items"),
            schema.get("values"),
            *(f["type"] for f in schema.get("fields", ())),
        ):
            yield from types_in(inner)


def name_of(kind: Any) -> str:
    """The name of a named type, written out or not; empty for others."""
    return str(kind.get("name", "")) if isinstance(kind, dict) else str(kind)


every_schema = pytest.mark.parametrize("name", SchemaName)


@every_schema
def test_every_type_and_field_says_what_it_is(name: SchemaName) -> None:
    for each in types_in(load(name)):
        if "name" in each:
            assert each.get("doc"), each["name"]
        for field in each.get("fields", ()):
            assert len(field.get("doc", "")) > 5, (each["name"], field["name"])


@every_schema
def test_every_enum_has_a_symbol_for_what_comes_later(name: SchemaName) -> None:
    for each in types_in(load(name)):
        if each["type"] == "enum":
            assert each["default"] == each["symbols"][0] == "UNKNOWN", each["name"]


@every_schema
def test_every_enum_is_the_domains(name: SchemaName) -> None:
    for each in types_in(load(name)):
        if each["type"] == "enum":
            assert tuple(each["symbols"]) == symbols_of(ENUMS[each["name"]]), (
                "a member that is new in the domain goes to the end of both lists"
            )


@every_schema
def test_what_can_be_absent_has_a_default_that_says_nothing(name: SchemaName) -> None:
    for each in types_in(load(name)):
        for field in each.get("fields", ()):
            kind, where = field["type"], (each["name"], field["name"])
            if isinstance(kind, list):
                assert kind[0] == "null" and len(kind) == 2 and field["default"] is None, where
            elif isinstance(kind, dict) and kind["type"] in ("array", "map"):
                assert field["default"] in ([], {}), where
            elif kind == "boolean":
                assert field["default"] is False, where
            elif name_of(kind) in ENUMS:
                assert field["default"] == "UNKNOWN", where
            elif kind == "string":
                assert field.get("default", "") == "", where


@every_schema
def test_a_mapped_code_has_the_local_code_beside_it(name: SchemaName) -> None:
    for each in types_in(load(name)):
        names = {field["name"] for field in each.get("fields", ())}
        for field in each.get("fields", ()):
            kind = name_of(field["type"])
            if kind in CODE_BESIDE:
                assert CODE_BESIDE[kind] in names


def test_a_type_is_the_same_in_every_file() -> None:
    seen: dict[str, Any] = {}
    for name in SchemaName:
        for each in types_in(load(name)):
            if "name" in each:
                plain = schemas._bare({key: value for key, value in each.items() if key != "namespace"}, {})
                shallow = json.dumps(_names_only(plain), sort_keys=True)
                assert seen.setdefault(each["name"], shallow) == shallow, each["name"]


def _names_only(schema: Any, top: bool = True) -> Any:
    """A type with the types inside it by name alone: where one is written out does not matter."""
    if isinstance(schema, list):
        return [_names_only(each, False) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "name" in schema and not top:
        return schema["name"]
    out = {key: schema[key] for key in schema if key not in ("fields", "items")}
    if "items" in schema:
        out["items"] = _names_only(schema["items"], False)
    if "fields" in schema:
        out["fields"] = [{**f, "type": _names_only(f["type"], False)} for f in schema["fields"]]
    return out


@every_schema
def test_the_fingerprint_is_the_reference_implementations(name: SchemaName) -> None:
    ours = schemas.current(name)
    assert ours.fingerprint == avro.schema.parse(ours.text).fingerprint("CRC-64-AVRO")


def incompatible(reader: str, writer: str) -> list[str]:
    """What keeps `reader` from reading `writer`, by the reference implementation."""
    result = ReaderWriterCompatibilityChecker().get_compatibility(
        avro.schema.parse(reader), avro.schema.parse(writer)
    )
    return [] if result.compatibility is SchemaCompatibilityType.compatible else list(result.messages)


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_today_and_every_release_read_each_other(path: Path) -> None:
    now = (FOLDER / path.name).read_text()
    then = path.read_text()
    assert incompatible(reader=now, writer=then) == []
    assert incompatible(reader=then, writer=now) == []


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_symbols_are_only_ever_added_at_the_end(path: Path) -> None:
    """The index is what travels."""
    now = {
        each["name"]: each
        for each in types_in(json.loads((FOLDER / path.name).read_text()))
        if "name" in each
    }
    for each in types_in(json.loads(path.read_text())):
        if each["type"] == "enum":
            assert now[each["name"]]["symbols"][: len(each["symbols"])] == each["symbols"]


def test_every_message_was_released() -> None:
    assert {path.stem for path in RELEASED} == set(SchemaName)


def test_a_field_without_a_default_breaks_the_promise() -> None:
    """The check above can fail: seeded with the commonest mistake, both ways round."""
    then = load(SchemaName.STATUS)
    now = copy.deepcopy(then)
    now["fields"].append({"name": "shift", "type": "string", "doc": "Seeded."})
    assert incompatible(reader=json.dumps(now), writer=json.dumps(then))
    assert incompatible(reader=json.dumps(then), writer=json.dumps(now)) == []
    now["fields"][-1]["default"] = ""
    assert incompatible(reader=json.dumps(now), writer=json.dumps(then)) == []


ENDLESS = {
    "itself": {"type": "record", "name": "R", "fields": [{"name": "next", "type": ["null", "R"]}]},
    "nothings": {
        "type": "record",
        "name": "R",
        "fields": [{"name": "list", "type": {"type": "array", "items": "null"}}],
    },
    "empty records": {
        "type": "record",
        "name": "R",
        "fields": [
            {
                "name": "list",
                "type": {"type": "array", "items": {"type": "record", "name": "E", "fields": []}},
            }
        ],
    },
}


@pytest.mark.parametrize(
    "text", [*(json.dumps(each) for each in ENDLESS.values()), "{", '"int"', "[" * 100_000]
)
def test_a_schema_whose_data_could_be_endless_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        schemas.prepared(text)
