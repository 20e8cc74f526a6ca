"""The reference of mapping files and feed files: every key, from the dataclasses that they are read into.

The code says a key's name, type and default; the sentence for whoever writes a file stands here. A test
finds a key without a sentence, and a sentence without a key.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

from bridge.cli.printed import Table, markdown
from bridge.domain.cad import Channel, UnitStatus
from bridge.feeds.feed_file import FeedFile
from bridge.feeds.mapping import FeedMapping
from bridge.settings import Settings

KEYS: Mapping[str, Mapping[str, str]] = {
    "FeedMapping": {
        "agency": "The agency's domain name, as its policy gives it.",
        "incident": "The column of the incident's number. Rows that share it are one incident.",
        "time": "When the row happened.",
        "channel": "The way in where no cell tells it.",
        "unsaid": "Cells that say nothing, beside the empty one: `NULL`, an exporter's word.",
        "unsaid_pattern": "A regular expression for more of them. It must match the whole cell.",
        "channel_codes": "The way in, by CAD's own code.",
        "call_type": "The type of the call.",
        "priority": "The agency's own priority.",
        "unit": "The unit that the row is about, where a table has one row per unit.",
        "unit_lists": "Units, where a table has a list of them in a cell.",
        "location": "The place.",
        "caller": "What is known of the caller.",
        "answers": "Coded fields: answers to the safety questions, drop-downs, colours, levels.",
        "closed": "Which cells say that the incident is over. Another word there reopens it.",
        "outcome": "What became known only afterwards, where a table of past calls has it in the same row.",
        "practice": "Which cells say that it is an exercise.",
        "callback": "The column of the number to call back.",
        "note": "The columns of remarks. A cell that has changed is a new note.",
        "disposition": "The column of the code for how it ended.",
    },
    "TimeColumn": {
        "column": 'The column of the time, or of the day; `""` where no column has a day.',
        "format": "How its cells are written, for `strptime`; several are tried in their order.",
        "timezone": "Where times are meant that carry no offset, by its IANA name: `America/Chicago`.",
        "clock": "The column of the time of day, where it is another one.",
        "clock_format": "How a time of day is written.",
        "clock_pattern": "A regular expression that finds it in its cell; its first group, if it has one.",
    },
    "CallTypeColumn": {
        "column": "The column of the type.",
        "split": "A regular expression for the whole cell, with the group `code`, and maybe `text` and "
        "`determinant`. A cell that does not match is the code as it stands.",
        "codes": "Other spellings, each with the code that it stands for.",
        "texts": "The words for a code, where the cell has none.",
    },
    "ChannelColumn": {
        "column": "The column of the way in.",
        "values": "Its codes. One that is not listed is an unknown way in; the code is kept.",
    },
    "PriorityColumn": {
        "column": "The column of the priority.",
        "values": "Its codes, each with a number. One that is not listed counts if it is a number itself.",
    },
    "UnitColumns": {
        "column": "The column of the unit's name.",
        "status": "The column of what it does.",
        "kind": "The column of what kind of unit it is.",
        "statuses": "The codes of `status`. One that is not listed is an unknown status; the code is kept.",
        "pattern": "A regular expression that a whole cell must match to be a unit's name.",
        "log": "`true`: each row is a status at a time. `false`: a row is what the unit does now.",
    },
    "UnitLists": {
        "statuses": "The columns that hold lists, each with what the units in it did.",
        "separator": "What stands between two units.",
        "entry": "A regular expression for one whole entry, with the group `unit`, and maybe `clock`.",
        "clock": "The column of one time of day for them all.",
        "clock_format": "How a time of day is written.",
    },
    "LocationColumns": {
        "text": "Columns that are put together, with a space between, as people would read them.",
        "district": "The column of the beat or district, as policies name it.",
        "latitude": "The column of the latitude, in degrees, WGS 84.",
        "longitude": "The column of the longitude.",
        "uncertainty_m": "The column of how far off the point may be, in metres.",
        "civic": 'Parts of the address by their PIDF-LO names, each with its column: `{ PC = "zip" }`.',
        "constants": 'The same for parts that all rows share: `{ A1 = "TX", A3 = "Dallas" }`.',
    },
    "CallerColumns": {
        "name": "The column of the caller's name.",
        "age": "The column of the age, in years.",
        "language": "The column of the language.",
        "first_party": "Whether the caller is the person in need.",
        "on_the_line": "Whether the caller is still on the line.",
        "consent": "Whether the caller agreed to be handed over.",
        "wants_police": "Whether the caller asks for police.",
    },
    "YesNoColumn": {
        "column": "The column of the answer.",
        "yes": "Cells that are a yes.",
        "no": "Cells that are a no. Any other cell is no answer.",
    },
    "AnswerColumn": {
        "question": "The question, or the field, as the policy names it.",
        "column": "The column of the code, which is kept as it stands.",
        "yes": "Cells that are a yes.",
        "no": "Cells that are a no. Any other cell is no answer; without both, none ever is.",
    },
    "CodeColumn": {
        "column": "The column that says it.",
        "values": "The cells that say that it is so.",
    },
    "OutcomeColumns": {
        "call_type": "The type as it was in the end.",
        "disposition": "The column of how it ended.",
        "closes": "`true`: whatever is said here closes the incident. `false`: it changes it.",
    },
    "FeedFile": {
        "mapping": "The mapping file.",
        "state": "A folder of this feed's own, made if need be, on a disk that outlives the process.",
        "drop": "The way in is a folder of files.",
        "poll": "The way in is a table at an address.",
        "webhook": "The way in is CAD's own requests.",
    },
    "Drop": {
        "folder": "The folder that CAD exports into.",
        "look_every_seconds": "How often it is looked at.",
        "still_seconds": "How long a file must stand still to count as whole.",
    },
    "Poll": {
        "url": "The table's address. No password in it.",
        "format": "How the table is written. JSON: a list of objects, or one.",
        "every_seconds": "How long to wait between two polls.",
        "timeout_seconds": "How long one poll may take.",
        "largest_bytes": "A longer table is not taken.",
        "give_up_after_seconds": "Without a table that fits for so long, the process ends, and is noticed.",
        "headers_file": "A file with a line `Name: value` for each header to send.",
    },
    "Webhook": {
        "host": "Where it listens.",
        "port": "The port. 0 takes any free one.",
        "key_file": "A file with the key that CAD sends behind `Bearer`.",
        "largest_bytes": "A longer request is refused.",
        "read_seconds": "How long a request may take to come in.",
        "answer_seconds": "How long a request may wait for Kafka; then CAD is told to come back.",
        "waiting": "How many requests may wait for Kafka; one more is told to come back.",
    },
}
"""Each section, by the name of its dataclass."""

_NAMES: Mapping[object, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    Path: "path",
    Channel: "a way in",
    UnitStatus: "a unit's status",
}


def mapping_keys(_: Settings) -> str:
    """Every section of a mapping file, and the words that a code can be given."""
    ways = ", ".join(f"`{way}`" for way in Channel)
    statuses = ", ".join(f"`{status}`" for status in UnitStatus)
    said = f"**Ways in** are {ways}.\n\n**A unit's status** is one of {statuses}."
    return f"{_sections(FeedMapping, 'The head of the file')}\n\n{said}"


def file_keys(_: Settings) -> str:
    """Every section of a feed file."""
    return _sections(FeedFile, "The head of the file")


def _sections(file: type, head: str) -> str:
    """A table for each kind of section, under the names that such a section has in the file."""
    places: dict[type, list[str]] = {file: []}
    for place, kind in sections_of(file):
        places.setdefault(kind, []).append(f"`{place}`")
    return "\n\n".join(f"### {', '.join(names) or head}\n{_table(kind)}" for kind, names in places.items())


def sections_of(file: type, path: str = "") -> Iterator[tuple[str, type]]:
    """The sections of a file as they are written, `[time]` or `[[answers]]`, each with its dataclass."""
    below = []
    for name, hint in get_type_hints(file).items():
        kind = next((one for one in _parts(hint) if is_dataclass(one)), None)
        if isinstance(kind, type):
            brackets = "[[{}]]" if get_origin(hint) is tuple else "[{}]"
            yield brackets.format(path + name), kind
            below.append((kind, f"{path}{name}."))
    for kind, inside in below:
        yield from sections_of(kind, inside)


def _table(kind: type) -> str:
    hints, said = get_type_hints(kind), KEYS.get(kind.__name__, {})
    rows = [
        [f"`{one.name}`", _type(hints[one.name]), _default(one), said.get(one.name, "")]
        for one in sorted(fields(kind), key=lambda one: not _needed(one))
    ]
    return markdown(["key", "type", "without it", "what it means"], rows)


def _type(hint: object) -> str:
    """The type of a value, as people would say it."""
    origin, parts = get_origin(hint), _parts(hint)
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in parts)
    if origin in {Union, UnionType}:
        return ", or ".join(_type(part) for part in parts)
    if origin is tuple:
        return f"list: {_type(parts[0])}"
    if origin is not None:
        return f"names, each with {_type(parts[1])}"
    plain = getattr(hint, "__supertype__", hint)
    return "a section" if is_dataclass(plain) else _NAMES[plain]


def _parts(hint: object) -> list[object]:
    """What a type is made of; a plain one of itself."""
    return [part for part in get_args(hint) or (hint,) if part not in {NoneType, Ellipsis}]


def _needed(one: "Field[object]") -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _default(one: "Field[object]") -> str:
    if _needed(one):
        return "**must be there**"
    value = one.default.value if isinstance(one.default, Enum) else one.default
    return f"`{json.dumps(value)}`" if isinstance(value, (str, int, float)) and value != "" else ""


TABLES: Mapping[str, Table] = {"feed-mapping-keys": mapping_keys, "feed-file-keys": file_keys}
"""The reference, a block for each kind of file."""
