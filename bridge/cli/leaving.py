"""What leaves the building, printed from the destinations' privacy profiles and the messages' schemas.

Also who must be let to which topic. Decides nothing: the domain filters, the brokers guard.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from bridge.cli.printed import Table, markdown
from bridge.domain.destination import Destination, Precision
from bridge.errors import SettingsError
from bridge.settings import Settings
from bridge.settings.destinations import load_destinations
from bridge.wire import schemas
from bridge.wire.schemas import SchemaName

FIELDS: Mapping[str, str] = {
    "call_type": "Type of the call, and the protocol's determinant",
    "priority": "Priority",
    "channel": "The way in: 911, the non-emergency line, an officer",
    "location": "Where",
    "callback": "The caller's number",
    "caller.name": "The caller's name",
    "caller.facts": "Age, consent, language, whether it is the person in need, whether still on the line",
    "answers": "Coded answers to the safety questions",
    "narrative": "The call taker's notes, without criminal-justice records",
    "narrative.author": "Who wrote each note",
    "units": "Which units are on their way or there",
    "call_ids": "Identifiers of the telephone calls",
    "disposition": "Disposition",
}
"""Each field that a destination can be allowed, in words for people."""

_PLACES = {
    Precision.EXACT: "exact",
    Precision.BLOCK: "the block, about 100 m",
    Precision.AREA: "district, city and postal code",
}
_NEVER = "**no**"


def leaves(settings: Settings) -> str:
    """One column for each destination, one row for each field."""
    destinations = list(load_destinations(settings.paths.destinations).values())
    rows = [[says, *(_allowed(name, each) for each in destinations)] for name, says in FIELDS.items()]
    rows.append(
        ["Numbers in the notes", *(_struck("callback" in each.privacy.fields) for each in destinations)]
    )
    rows.append(
        [
            "The caller's name in the notes",
            *(_struck("caller.name" in each.privacy.fields) for each in destinations),
        ]
    )
    exact = [each.privacy.location is Precision.EXACT for each in destinations]
    rows.append(["The place in the notes", *(_struck(each) for each in exact)])
    return markdown(["", *(f"{each.name} (`{each.address}`)" for each in destinations)], rows)


def _allowed(field: str, destination: Destination) -> str:
    if field not in destination.privacy.fields:
        return _NEVER
    return _PLACES[destination.privacy.location] if field == "location" else "yes"


def _struck(allowed: bool) -> str:
    return "as written" if allowed else "struck"


def record(name: SchemaName, _: Settings) -> str:
    """The fields of one message, from its schema."""
    schema = json.loads(schemas.current(name).text)
    rows = [[f"`{each['name']}`", said_kind(each["type"]), each["doc"]] for each in schema["fields"]]
    return markdown(["field", "kind", "what it says"], rows)


_WORDS = {
    "string": "text",
    "long": "number",
    "int": "number",
    "double": "number",
    "boolean": "yes or no",
}


def said_kind(kind: object) -> str:
    """A type as people say it: `text`, `number`, one of some words, `Incident or nothing`."""
    match kind:
        case str():
            return _WORDS.get(kind, kind)
        case ["null", other]:
            return f"{said_kind(other)} or nothing"
        case {"type": "enum", "symbols": list(symbols)}:
            return ", ".join(f"`{symbol}`" for symbol in symbols)
        case {"type": "array", "items": items}:
            return f"list of {said_kind(items)}"
        case {"type": "map", "values": values}:
            return f"{said_kind(values)} by name"
        case {"name": name}:
            return str(name)
    raise ValueError(f"a schema has a type nobody told us how to say: {type(kind).__name__}")


def acls(settings: Settings) -> str:
    """The brokers' commands that let each party do its part and nothing more."""
    names = settings.kafka.topics
    offers = {
        destination.id: destination.address
        for destination in load_destinations(settings.paths.destinations).values()
        if destination.channel == "kafka"
    }
    out = [names.returns, names.status, names.quarantine, *offers.values()]
    lines = ["# The bridge's lanes, and `bridge verify`, `bridge doctor`."]
    lines += _allow("bridge", ["Read"], [names.cad_events, names.signals])
    lines += _allow("bridge", ["Write", "Read", "DescribeConfigs"], out)
    lines += _allow("bridge", ["DescribeConfigs"], [names.cad_events, names.signals])
    lines.append(_group("bridge", f"{settings.worker.group}."))
    lines.append("# `bridge topics`: whoever installs.")
    lines += _allow("bridge-admin", ["Create", "DescribeConfigs"], [names.cad_events, names.signals, *out])
    lines.append("# 911's CAD and its call takers.")
    lines += _allow("cad", ["Write"], [names.cad_events, names.signals])
    lines += _allow("cad", ["Read"], [names.returns])
    lines.append(_group("cad", "cad."))
    for destination, address in offers.items():
        lines.append(f"# {destination}")
        lines += _allow(destination, ["Read"], [address])
        lines += _allow(destination, ["Write"], [names.signals])
        lines.append(_group(destination, f"{destination}."))
    return "```sh\n" + "\n".join(lines) + "\n```"


_ACLS = 'kafka-acls.sh --bootstrap-server "$BROKERS" --command-config admin.properties --add'


def _allow(who: str, operations: Sequence[str], on: Iterable[str]) -> list[str]:
    """`Describe` comes with Read and Write."""
    may = " ".join(f"--operation {operation}" for operation in operations)
    named = " ".join(f"--topic {topic}" for topic in on)
    return [f"{_ACLS} --allow-principal User:{who} {may} {named}"]


def _group(who: str, prefix: str) -> str:
    pattern = "--resource-pattern-type prefixed"
    return f"{_ACLS} --allow-principal User:{who} --operation Read --group {prefix} {pattern}"


_EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "hotline.py"


def hotline_example(_: Settings) -> str:
    """The smallest program that does a hotline's part, as it is run by the tests."""
    if not _EXAMPLE.is_file():
        raise SettingsError(f"{_EXAMPLE}: is not there; print the documents from a checkout")
    return f"```python\n{_EXAMPLE.read_text(encoding='utf-8')}```"


TABLES: Mapping[str, Table] = {
    "leaves": leaves,
    "acls": acls,
    "hotline-example": hotline_example,
    **{f"record-{name.replace('_', '-')}": partial(record, name) for name in SchemaName},
}
"""Tables of what goes out and comes in."""
