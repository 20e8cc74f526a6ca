"""The door of the HTTP API: who comes in, how much they carry, how often they may come.

Everything here happens before a body is parsed. A body is capped while it is read, and whoever sends it too
slowly is let go.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bridge import logs
from bridge.desk.limits import Limits
from bridge.desk.problems import ProblemError, ProblemType, key_missing
from bridge.desk.verbs import is_urgent
from bridge.errors import LedgerLostError
from bridge.handling.looking import Asker
from bridge.metrics import Metrics

OPEN = ("/health", "/v1/openapi.json", "/v1/problems/")
"""Addresses that need no key."""

Whose = Callable[[bytes], Awaitable[Asker | None]]
"""Whose key has this SHA-256."""

_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may cost: bytes of its body, seconds to send it and to be answered.

    Of requests that move nobody, `ordinary_at_once` are worked on; the other connections of the ledger are
    for those that move a caller.
    """

    body_bytes: int = 64 * 1024
    read_seconds: float = 5.0
    answer_seconds: float = 10.0
    ordinary_at_once: int = 2


class Door:
    """The outermost layer: measures, lets in, and turns what goes wrong into a problem.

    Whoever moves a caller is recognised on other connections than everybody else (`whose_in_a_hurry`).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        whose: Whose,
        whose_in_a_hurry: Whose,
        limits: Limits,
        bounds: Bounds,
        metrics: Metrics,
    ) -> None:
        self._app = app
        self._whose = {False: whose, True: whose_in_a_hurry}
        self._limits = limits
        self._bounds = bounds
        self._ordinary = asyncio.Semaphore(bounds.ordinary_at_once)
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._let_in(scope, receive, noting)
        except ProblemError as problem:
            if not status:
                await problem.response()(scope, receive, noting)
        except LedgerLostError:
            if not status:
                away = ProblemError(ProblemType.LEDGER_AWAY, headers={"Retry-After": "1"})
                await away.response()(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may be a caller's
            logs.logger().error(
                "desk.defect", error_type=type(error).__name__, where=logs.places(error.__traceback__)
            )
            if not status:
                await ProblemError(ProblemType.DEFECT).response()(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.desk_requests.add(route, str(status))
            if status and not scope["state"].get("streams"):
                self._metrics.desk_request.observe(time.monotonic() - began, route)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, state = Request(scope), scope.setdefault("state", {})
        urgent = is_urgent(request.method, request.url.path)
        if not request.url.path.startswith(OPEN):
            asker = await self._asker(request, urgent=urgent)
            state["asker"] = asker
            if wait := self._limits.wait(asker.speaker, urgent=urgent):
                raise ProblemError(ProblemType.SLOW_DOWN, headers={"Retry-After": str(int(wait) + 1)})
        if request.method != "POST":
            await self._app(scope, receive, send)
            return
        body = await self._body(request, receive)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise ProblemError(ProblemType.MEDIA)
        sent = False

        async def again() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            async with (
                asyncio.timeout(self._bounds.answer_seconds),
                nullcontext() if urgent else self._ordinary,
            ):
                await self._app(scope, again, send)
        except TimeoutError:
            raise ProblemError(ProblemType.LEDGER_AWAY, headers={"Retry-After": "1"}) from None

    async def _asker(self, request: Request, *, urgent: bool) -> Asker:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and 0 < len(key) <= _LONGEST_KEY:
            asker = await self._whose[urgent](hashlib.sha256(key.encode()).digest())
            if asker is not None:
                return asker
        raise key_missing()

    async def _body(self, request: Request, receive: Receive) -> bytes:
        """The whole body, if it is no longer than it may be and comes in time."""
        most = self._bounds.body_bytes
        announced = request.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > most:
            raise ProblemError(
                ProblemType.TOO_LARGE, f"body: at most {most} bytes", headers={"Connection": "close"}
            )
        parts, length = [], 0
        try:
            async with asyncio.timeout(self._bounds.read_seconds):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise ProblemError(ProblemType.MALFORMED, "the body was cut off")
                    parts.append(message.get("body", b""))
                    length += len(parts[-1])
                    if length > most:
                        raise ProblemError(
                            ProblemType.TOO_LARGE,
                            f"body: at most {most} bytes",
                            headers={"Connection": "close"},
                        )
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            raise ProblemError(ProblemType.MALFORMED, "the body took too long") from None
