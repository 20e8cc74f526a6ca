"""JSON Schemas of the policy and destination files as people write them, for editors.

Made from the domain's dataclasses, then turned from what is loaded into what is written: days by name, times
as TOML has them, areas as paths, `extends` and what it makes optional. It knows less than loading does: rules
between clauses are for `bridge policy check`.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from bridge.domain.destination import Destination
from bridge.settings import toml
from bridge.settings.extends import CLAUSES
from bridge.settings.file_keys import CONDITIONS, KEYS, NEVER_WRITTEN
from bridge.settings.policies import PolicyFile
from bridge.settings.week import DAYS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DATE: Schema = {"type": "string", "format": "date"}
_TIME: Schema = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}
_PATH: Schema = {"type": "string", "minLength": 1}
_HOLIDAYS: Schema = {"type": "array", "items": _DATE}


class _DestinationFile(toml.Wrapper):
    destination: Destination


class _Generator(GenerateJsonSchema):
    """Leaves out what no file can say: a function that knows a piece of ground."""

    def callable_schema(self, schema: core_schema.CallableSchema) -> Schema:
        return {}


def policy_schema() -> Schema:
    """The schema of a policy file, with or without `extends`."""
    schema = _schema_of(PolicyFile, "policy")
    properties = schema["properties"]
    for name in NEVER_WRITTEN:
        properties.pop(name, None)
    properties["areas"] = {"type": "object", "additionalProperties": _PATH}
    properties["holidays"] = _HOLIDAYS
    properties["extends"] = _PATH
    properties["remove"] = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return _finished(_optional_over_a_base(schema), "Policy", "A policy of the bridge")


def destination_schema() -> Schema:
    """The schema of a destination file."""
    schema = _schema_of(_DestinationFile, "destination")
    schema["properties"]["holidays"] = _HOLIDAYS
    for name in ("scopes", "destinations", "areas"):  # these belong to a policy
        schema["$defs"]["Acceptance"]["properties"].pop(name)
    return _finished(schema, "Destination", "A destination of the bridge")


def _schema_of(file: type[toml.Wrapper], name: str) -> Schema:
    """The schema of the one thing in this file, with all that it is made of below `$defs`."""
    whole = TypeAdapter(file).json_schema(schema_generator=_Generator)
    definitions: Schema = whole["$defs"]
    root: Schema = definitions.pop(whole["properties"][name]["$ref"].rpartition("/")[2])
    used = {key: one for key, one in definitions.items() if key in _reached(root, definitions)}
    return root | {"$defs": used}


def _reached(schema: object, definitions: Mapping[str, object]) -> set[str]:
    """The definitions that this schema leads to."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
            waiting += one.values()
    return found


def _optional_over_a_base(schema: Schema) -> Schema:
    """Only a file that extends no other has to say everything; any clause has to say its id."""
    required: Schema = {}
    for kind in CLAUSES:
        name = schema["properties"][kind]["items"]["$ref"].rpartition("/")[2]
        clause = schema["$defs"][name]
        required[kind] = {"items": {"required": clause["required"]}}
        clause["required"] = ["id"]
    whole = {"required": schema.pop("required"), "properties": required}
    return schema | {"if": {"not": {"required": ["extends"]}}, "then": whole}


def _finished(schema: Schema, name: str, title: str) -> Schema:
    """With hours and times as TOML has them, and what each key means."""
    definitions: Mapping[str, Schema] = {name: schema, **schema["$defs"]}
    if "Hours" in definitions:
        _as_written(definitions["Hours"]["properties"], definitions["Span"]["properties"])
    for kind, definition in definitions.items():
        for key, one in definition.get("properties", {}).items():
            definition["properties"][key] = _said(kind, key, one)
        definition.pop("description", None)
        definition.pop("title", None)
    return {"$schema": DIALECT, "title": title, **schema}


def _as_written(hours: Schema, span: Schema) -> None:
    hours["holidays"] = {"const": "open"}
    hours["closed_on"] = _HOLIDAYS
    days = [day.lower() for day in DAYS]
    span["days"] = {"type": "array", "items": {"enum": days}, "minItems": 1, "uniqueItems": True}
    span["opens"] = span["closes"] = _TIME


def _said(kind: str, key: str, schema: Schema) -> Schema:
    """What is true of the value, without what TOML cannot say, and with its sentence."""
    plain = {name: value for name, value in schema.items() if name not in {"title", "default"}}
    options = [one for one in plain.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) == 1:
        plain = options[0]
    sentence = meaning(kind, key)
    return plain | ({"description": sentence} if sentence else {})


def meaning(kind: str, key: str) -> str:
    """What a key of this kind of section means, or an empty string."""
    return KEYS.get(kind, {}).get(key) or KEYS["LimitClause"].get(key) or CONDITIONS.get(key, "")
