"""`bridge policy schema`: the JSON Schemas of the files that agencies write, for their editors."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from bridge.settings.file_schema import destination_schema, policy_schema


class FileKind(StrEnum):
    """Which file."""

    POLICY = "policy"
    DESTINATION = "destination"


_SCHEMAS: Mapping[FileKind, Callable[[], dict[str, Any]]] = {
    FileKind.POLICY: policy_schema,
    FileKind.DESTINATION: destination_schema,
}


def schema(
    kind: Annotated[FileKind, typer.Argument(help="Of which file.")] = FileKind.POLICY,
) -> None:
    """Print the JSON Schema of a policy's or a destination's file."""
    print(printed(kind))


def printed(kind: FileKind) -> str:
    """The schema as it is stored, without its last line's end."""
    return json.dumps(_SCHEMAS[kind](), indent=2, ensure_ascii=False)
