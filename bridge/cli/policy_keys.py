"""The reference of the policy language: every key of the files, with its type, from the files' schemas."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from bridge.cli.printed import Table, markdown
from bridge.settings import Settings
from bridge.settings.file_keys import CONDITIONS
from bridge.settings.file_schema import destination_schema, policy_schema

Schema = dict[str, Any]

_SECTIONS: Mapping[str, tuple[Callable[[], Schema], str]] = {
    "policy": (policy_schema, ""),
    "where": (policy_schema, "Where"),
    "about": (policy_schema, "About"),
    "conditions": (policy_schema, "When"),
    "caller": (policy_schema, "CallerRule"),
    "hours": (policy_schema, "Hours"),
    "spans": (policy_schema, "Span"),
    "scope": (policy_schema, "ScopeClause"),
    "limit": (policy_schema, "LimitClause"),
    "answer": (policy_schema, "AnswerClause"),
    "recategory": (policy_schema, "RecategoryClause"),
    "disqualifier": (policy_schema, "DisqualifierClause"),
    "destination": (destination_schema, ""),
    "acceptance": (destination_schema, "Acceptance"),
}
"""The tables: which schema, and which section of it."""

_WITH_CONDITIONS = {"scope", "limit", "answer", "recategory", "acceptance"}


def keys(name: str, _: Settings) -> str:
    """The keys of one section; what every condition can say is a section of its own."""
    schema, section = _SECTIONS[name][0](), _SECTIONS[name][1]
    found: Schema = schema["$defs"][section] if section else schema
    needed = set(_needed(schema, section))
    rows = [
        [
            f"`{key}`",
            type_of(one, schema["$defs"]),
            "yes" if key in needed else "",
            one.get("description", ""),
        ]
        for key, one in found["properties"].items()
        if not (name in _WITH_CONDITIONS and key in CONDITIONS)
    ]
    return markdown(["key", "type", "must be there", "what it means"], rows)


def type_of(schema: Schema, definitions: Mapping[str, Schema]) -> str:
    """The type of a value, as people would say it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        one = definitions[name]
        return _words(one) if "enum" in one else "a section"
    if "enum" in schema or "const" in schema:
        return _words(schema)
    if schema.get("type") == "array":
        return f"list: {type_of(schema['items'], definitions)}"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties", {})
        return f"names, each with {type_of(inner, definitions)}"
    if schema.get("format"):
        return {"date-time": "date and time with offset", "date": "date"}[schema["format"]]
    if "pattern" in schema:
        return "time of day"
    kinds = {"string": "text", "boolean": "true or false", "integer": "whole number", "number": "number"}
    return kinds[schema["type"]]


def _words(schema: Schema) -> str:
    values = schema["enum"] if "enum" in schema else [schema["const"]]
    return ", ".join(f"`{value}`" for value in values if value != "")


def _needed(schema: Schema, section: str) -> Iterator[str]:
    """The keys that a file or a section must have, where it extends no other."""
    if not section:
        yield from schema.get("required", ()) or schema["then"]["required"]
        return
    yield from schema["$defs"][section].get("required", ())
    for kind, one in schema.get("then", {}).get("properties", {}).items():
        if schema["properties"][kind]["items"]["$ref"].rpartition("/")[2] == section:
            yield from one["items"]["required"]


TABLES: Mapping[str, Table] = {f"keys-{name}": partial(keys, name) for name in _SECTIONS}
"""The reference, a table for each section."""
