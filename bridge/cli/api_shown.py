"""The HTTP API as its document shows it: every verb, every problem, and the description that tools read.

The API is imported when it is shown: of all tables only these need its server.
"""

from collections.abc import Iterator, Mapping

from bridge.cli.printed import Table, markdown
from bridge.settings import Settings


def verbs(_: Settings) -> str:
    """Every verb: its address, whose it is, and what it says."""
    from bridge.desk.verbs import VERBS

    rows = (
        [
            f"`{verb.path}`",
            verb.side.value,
            verb.says,
            ", ".join(_fields(verb.body)),
            "yes" if verb.urgent else "",
        ]
        for verb in VERBS
    )
    return markdown(["POST", "keys of", "what it says", "fields beside `at`, `by`, `text`", "urgent"], rows)


def problems(_: Settings) -> str:
    """Every problem."""
    from bridge.desk.problems import ProblemType

    rows = ([f"`{one.type}`", str(one.status), one.title] for one in ProblemType)
    return markdown(["type", "status", "what it means"], rows)


def openapi(_: Settings) -> str:
    """The description of the HTTP API, OpenAPI 3.1."""
    from bridge.app.desk import api_text

    return api_text()


def _fields(body: type) -> Iterator[str]:
    for name, field in getattr(body, "model_fields", {}).items():
        if name not in {"at", "by", "text"}:
            yield f"**`{name}`**" if field.is_required() else f"`{name}`"


TABLES: Mapping[str, Table] = {"http-verbs": verbs, "http-problems": problems, "openapi": openapi}
"""`openapi` is a file of its own, `schemas/openapi.json`."""
