"""The closed lists as tables: reasons, outcomes, who takes a return, what 911 is told, a signal's parts."""

import json
from collections.abc import Mapping

from bridge.cli.leaving import said_kind
from bridge.cli.printed import Table, markdown
from bridge.domain.codes import OUTCOMES, REASONS, RETURN_TO
from bridge.domain.learnt import FIELDS, WANTED
from bridge.settings import Settings
from bridge.wire import schemas
from bridge.wire.schemas import SchemaName

_PARTS = ("LegWanted", "RescueWanted", "SaidState")


def reasons(_: Settings) -> str:
    """The codes that the reason of each signal may be."""
    rows = [
        [f"`{kind.name}`", ", ".join(f"`{code}`" for code in sorted(codes) if code)]
        for kind, codes in REASONS.items()
    ]
    return markdown(["signal", "its reasons"], rows)


def outcomes(_: Settings) -> str:
    """What may have become of a call."""
    return markdown(["outcome", "what it says"], [[f"`{code}`", says] for code, says in OUTCOMES.items()])


def return_to(_: Settings) -> str:
    """Who may be asked to take a return."""
    return ", ".join(f"`{code}`" for code in sorted(RETURN_TO) if code)


def learnt(_: Settings) -> str:
    """What may be said of a call that goes back, and what 911 hears of it without a list of its own."""
    rows = [[f"`{name}`", says, "yes" if name in WANTED else "**no**"] for name, says in FIELDS.items()]
    return markdown(["field", "what it says", "told, where the agency lists nothing"], rows)


def signal_parts(_: Settings) -> str:
    """The records inside a signal that belong to one kind of signal only."""
    schema = json.loads(schemas.current(SchemaName.SIGNAL).text)
    rows = []
    for each in schema["fields"]:
        match each["type"]:
            case ["null", {"name": str(name), "fields": list(fields)}] if name in _PARTS:
                rows += [
                    [f"`{each['name']}.{field['name']}`", said_kind(field["type"]), field["doc"]]
                    for field in fields
                ]
    return markdown(["field", "kind", "what it says"], rows)


TABLES: Mapping[str, Table] = {
    "reasons": reasons,
    "outcomes": outcomes,
    "return-to": return_to,
    "learnt": learnt,
    "signal-parts": signal_parts,
}
"""Tables of closed lists."""
