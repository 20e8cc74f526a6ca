"""What the HTTP API answers when it does not do what was asked: problem details, RFC 9457.

The list of types is closed. A problem names the field and the rule, and never repeats what somebody sent.
"""

import json
from collections.abc import Mapping
from enum import Enum

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
BASE = "/v1/problems/"


class ProblemType(Enum):
    """Every problem there is: its name in the address of its type, its status, and a sentence for people."""

    KEY_MISSING = ("key-missing", 401, "No valid key came with the request.")
    OTHER_SIDE = ("other-side", 403, "This is for keys of the other side: 911, or a destination.")
    NOT_THERE = ("not-there", 404, "There is nothing of this id that this key may know of.")
    METHOD = ("method", 405, "This address does not take this method.")
    MALFORMED = ("malformed", 400, "The request cannot be read.")
    INVALID = ("invalid", 422, "The request can be read, and says something that is not allowed.")
    IDEMPOTENCY_MISSING = ("idempotency-key-missing", 400, "Send an Idempotency-Key with this request.")
    IDEMPOTENCY_REUSED = ("idempotency-key-reused", 422, "This Idempotency-Key came with another request.")
    IN_FLIGHT = ("in-flight", 409, "The same request is being worked on; ask again in a moment.")
    REFUSED = (
        "refused",
        409,
        "The table refuses this as things stand; `reason`, `state` and `holder` say why.",
    )
    CHANGED = ("changed", 412, "It has changed since the version in If-Match; look at it again.")
    TOO_LARGE = ("too-large", 413, "The body is larger than this service reads.")
    MEDIA = ("media", 415, "The body must be application/json.")
    SLOW_DOWN = ("slow-down", 429, "Too many requests with this key; Retry-After says when.")
    CURSOR_GONE = ("cursor-gone", 410, "This cursor is none of this ledger; begin without one.")
    LEDGER_AWAY = ("ledger-away", 503, "The ledger does not answer; whether it was done is known on a retry.")
    DEFECT = ("defect", 500, "Something is broken here; it was logged.")

    def __init__(self, code: str, status: int, title: str) -> None:
        self.code = code
        self.status = status
        self.title = title

    @property
    def type(self) -> str:
        """The reference that `type` holds; it can be looked at."""
        return f"{BASE}{self.code}"


class ProblemError(Exception):
    """Ends a request with a problem. `detail` is a sentence of ours; `more` codes and ids beside it."""

    def __init__(
        self,
        problem: ProblemType,
        detail: str = "",
        *,
        more: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.detail = detail
        self.more = more or {}
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        """The document."""
        said: dict[str, object] = {
            "type": self.problem.type,
            "title": self.problem.title,
            "status": self.problem.status,
        }
        if self.detail:
            said["detail"] = self.detail
        return json.dumps(said | dict(self.more), sort_keys=True).encode()

    def response(self) -> Response:
        """As it is answered."""
        return Response(
            self.body(), status_code=self.problem.status, headers=self.headers, media_type=MEDIA_TYPE
        )


def key_missing() -> ProblemError:
    """Nobody came in: no key, or one that opens nothing any more."""
    return ProblemError(ProblemType.KEY_MISSING, headers={"WWW-Authenticate": "Bearer"})
