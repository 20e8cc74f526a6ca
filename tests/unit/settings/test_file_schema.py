"""The JSON Schemas for editors: as stored, they take every shipped file, and refuse what loading refuses."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

import jsonschema
import pytest

from bridge.domain import destination, hours, policy, policy_clauses, units, when
from bridge.settings.file_keys import CONDITIONS, KEYS, NEVER_WRITTEN, WRITTEN_ONLY
from bridge.settings.file_schema import destination_schema, meaning, policy_schema

ROOT = Path(__file__).parents[3]
BAD = tomllib.loads(Path(__file__).with_name("bad_policies.toml").read_text(encoding="utf-8"))


def as_json(value: object) -> object:
    """A TOML value as an editor's validator sees it: dates and times are texts."""
    if isinstance(value, dict):
        return {name: as_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value


@lru_cache
def stored(name: str) -> jsonschema.Draft202012Validator:
    """The validator that an editor makes of a stored schema."""
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def shipped(folder: str) -> Iterator[Path]:
    """The shipped files of this kind, wherever below `deploy`."""
    for path in sorted((ROOT / "deploy").rglob(f"{folder}/**/*.toml")):
        other = {"calls", "bases", "destinations", "feeds"} - {folder}
        if not other & set(path.relative_to(ROOT).parts[:-1]):
            yield path


def faults(name: str, text: str) -> list[str]:
    """What the stored schema says against this file."""
    return [error.message for error in stored(name).iter_errors(as_json(tomllib.loads(text)))]


@pytest.mark.parametrize(("name", "schema"), [("policy", policy_schema), ("destination", destination_schema)])
def test_the_stored_schema_is_what_the_command_prints(name, schema):
    text = (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", f"bridge policy schema {name}"


@pytest.mark.parametrize("path", list(shipped("policies")), ids=lambda path: path.stem)
def test_every_shipped_policy_fits_the_schema(path):
    assert not faults("policy", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", list(shipped("destinations")), ids=lambda path: path.stem)
def test_every_shipped_destination_fits_the_schema(path):
    assert not faults("destination", path.read_text(encoding="utf-8"))


def test_a_file_over_a_base_need_not_say_everything_and_one_alone_must():
    assert not faults("policy", BAD["policy"])
    alone = BAD["policy"].replace('extends = "bases/dangers.toml"', "")
    assert "'danger' is a required property" in faults("policy", alone)


@pytest.mark.parametrize(
    "name",
    [
        "a version that is a number",
        "a key nobody knows",
        "a digest that somebody wrote",
        "a verdict that is none",
        "a channel that is none",
        "an answer that is neither yes nor no",
        "a shape that is none",
        "a day that is none",
        "a day by a number that is none",
        "hours without days",
        "hours without an end",
        "a time that is a number",
        "areas that are a list",
    ],
)
def test_an_editor_marks_what_loading_would_refuse(name):
    (bad,) = (one for one in BAD["bad"] if one["name"] == name)
    assert faults("policy", BAD["policy"].replace(bad["change"], bad["to"], 1))


def test_every_key_is_explained_and_no_key_that_does_not_exist():
    kinds = [
        *(policy.Policy, policy.Where, policy.About, when.When, when.CallerRule, hours.Hours, hours.Span),
        *(policy_clauses.ScopeClause, policy_clauses.LimitClause, policy_clauses.AnswerClause),
        *(policy_clauses.RecategoryClause, policy_clauses.DisqualifierClause, policy_clauses.TandemWith),
        units.Units,
        *(destination.Destination, destination.Privacy, destination.Acceptance, destination.Away),
    ]
    assert {kind.__name__ for kind in kinds} == set(KEYS)
    for kind in kinds:
        there = {field.name for field in fields(kind) if field.init} - set(NEVER_WRITTEN)
        assert not [name for name in there if not meaning(kind.__name__, name)], kind.__name__
        assert not set(KEYS[kind.__name__]) - there - set(WRITTEN_ONLY), kind.__name__
    assert set(CONDITIONS) == {field.name for field in fields(when.When)}


def test_the_sentences_reach_the_editor():
    schema = policy_schema()
    scope = schema["$defs"]["ScopeClause"]["properties"]
    assert scope["route"]["description"] == KEYS["ScopeClause"]["route"]
    assert scope["call_types"]["description"] == CONDITIONS["call_types"]
    assert schema["properties"]["effective"]["description"] == KEYS["Policy"]["effective"]
