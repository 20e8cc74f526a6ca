"""The description of the HTTP API: OpenAPI 3.1, made of the routes, with the same problems on each."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from bridge import __version__
from bridge.desk.problems import MEDIA_TYPE, ProblemType

ABOUT = (
    "What people do at 911 and at hotlines, by HTTP; the same signals go over Kafka, with the same effect. "
    "Every POST carries an Idempotency-Key; times are RFC 3339; keys are random and belong to one agency "
    "or one destination. What is another's is not there."
)


class Problem(BaseModel):
    """Problem details, RFC 9457. `reason`, `state`, `holder` and `version` come with what a table refuses."""

    type: str
    title: str
    status: int
    detail: str = ""
    reason: str = ""
    state: str = ""
    holder: str = ""
    version: str = ""


_STATUSES = sorted({problem.status for problem in ProblemType})

PROBLEMS: dict[int, dict[str, Any]] = {
    status: {
        "description": "; ".join(each.title for each in ProblemType if each.status == status),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in _STATUSES
}
"""The problems that any route may answer, by status."""

STREAM: dict[str, Any] = {
    "description": "Events with an id; after a break, send it as Last-Event-ID.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


def describe(app: FastAPI) -> None:
    """Let the application describe itself so."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def text_of(app: FastAPI) -> str:
    """The description as the file has it."""
    return json.dumps(app.openapi(), indent=1, sort_keys=True) + "\n"


def _description(app: FastAPI) -> dict[str, Any]:
    said = get_openapi(
        title="The bridge", version=__version__, openapi_version="3.1.0", description=ABOUT, routes=app.routes
    )
    parts = said["components"]
    parts["schemas"]["Problem"] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, methods in said["paths"].items():
        for method in methods.values():
            if path != "/health" and not path.startswith("/v1/problems"):
                method["security"] = [{"key": []}]
            done = {status: answer for status, answer in method["responses"].items() if status < "300"}
            method["responses"] = done | {
                str(status): {"$ref": f"#/components/responses/{status}"} for status in PROBLEMS
            }
    parts["responses"] = {str(status): answer for status, answer in PROBLEMS.items()}
    return said
