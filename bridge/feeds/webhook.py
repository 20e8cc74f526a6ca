"""A push by HTTP: CAD posts its rows, and is told 202 when Kafka keeps every event of them, not before.

Whoever is told anything else sends the same rows again, and what was kept already is not sent twice. The
key is checked before the body is read, and the body's length before it is understood.
"""

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

from aiohttp import web

from bridge import logs
from bridge.errors import BridgeError
from bridge.feeds.mapping import MappingError
from bridge.feeds.sending import Feed
from bridge.feeds.spool import Format, Spool
from bridge.feeds.ways_in import Webhook

_FORMATS: dict[str, Format] = {"application/json": "json", "text/csv": "csv"}
_RETRY_AFTER = "5"
_LINGERS = 1.0
_CHUNK = 64 * 1024


class WebhookError(BridgeError):
    """A server that cannot be opened."""


@dataclass(slots=True)
class _Push:
    """One request's body, and what became of it: rows and events."""

    body: bytes
    format: Format
    sent: asyncio.Future[tuple[int, int]]

    def settle(self, outcome: tuple[int, int] | BridgeError) -> None:
        """Say what became of it, unless its sender waits no more."""
        if self.sent.done():
            return
        if isinstance(outcome, BridgeError):
            self.sent.set_exception(outcome)
        else:
            self.sent.set_result(outcome)


class _RefusedError(BridgeError):
    """A request that is answered with a problem (RFC 9457): status, what is wrong, what to do."""

    def __init__(self, status: int, path: str, rule: str, remedy: str) -> None:
        super().__init__(f"{path}: {rule}; {remedy}")
        self.status = status
        self.path = path
        self.rule = rule
        self.remedy = remedy


async def run(webhook: Webhook, key: str, feed: Feed, spool: Spool) -> None:
    """Serve until the process shall end, then answer whoever waits. WebhookError, and what `Spool` raises."""
    await spool.take_up(feed)
    pushes: asyncio.Queue[_Push | None] = asyncio.Queue()
    server = _Server(webhook, key, feed, pushes)
    application = web.Application()
    application.add_routes([web.post("/rows", server.rows), web.get("/live", server.live)])
    runner = web.AppRunner(
        application, access_log=None, shutdown_timeout=webhook.answer_seconds, lingering_time=_LINGERS
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, webhook.host, webhook.port)
        await site.start()
    except OSError as error:
        await runner.cleanup()
        place = f"{webhook.host}:{webhook.port}"
        raise WebhookError(
            f"webhook: {place} cannot be listened at ({error.strerror}); name a free one"
        ) from error
    host, port = runner.addresses[0][:2]
    logs.logger().info("feed.listening", agency=feed.mapping.agency, host=host, port=port)
    sending = asyncio.create_task(_send_pushes(pushes, feed, spool))
    stopping = asyncio.create_task(feed.stop.wait())
    try:
        await asyncio.wait((sending, stopping), return_when=asyncio.FIRST_COMPLETED)
        await runner.cleanup()
        pushes.put_nowait(None)
        await sending
    finally:
        sending.cancel()
        stopping.cancel()
        await runner.cleanup()


async def _send_pushes(pushes: "asyncio.Queue[_Push | None]", feed: Feed, spool: Spool) -> None:
    """One after the other: what is news follows from the rows before. Whatever ends it, nobody waits on."""
    push: _Push | None = None
    try:
        while push := await pushes.get():
            if push.sent.done():  # its sender was told to come back
                continue
            try:
                push.settle(await spool.send(push.body, push.format, feed))
            except MappingError as error:
                push.settle(error)
    finally:
        while push:
            push.settle(_away())
            push = None if pushes.empty() else pushes.get_nowait()


class _Server:
    """Answers requests; the sending is somebody else's."""

    def __init__(self, webhook: Webhook, key: str, feed: Feed, pushes: "asyncio.Queue[_Push | None]") -> None:
        self._webhook = webhook
        self._wanted = _digest(f"Bearer {key}")
        self._feed = feed
        self._pushes = pushes

    async def live(self, _: web.Request) -> web.Response:
        """Whether the process answers."""
        return web.json_response({"live": True})

    async def rows(self, request: web.Request) -> web.Response:
        """Rows in, 202 with their number when Kafka keeps every event, else a problem."""
        try:
            self._check_key(request.headers.getall("Authorization", []))
            written = _format(request)
            body = await self._body(request)
            rows, events = await self._sent(body, written)
        except _RefusedError as error:
            logs.logger().warning("feed.push_refused", agency=self._feed.mapping.agency, status=error.status)
            return _problem(error)
        return web.json_response({"rows": rows, "events": events}, status=202)

    def _check_key(self, said: Sequence[str]) -> None:
        given = said[0] if len(said) == 1 else ""
        if not hmac.compare_digest(_digest(given), self._wanted):
            raise _RefusedError(401, "Authorization", "is not the key of this feed", "send `Bearer <key>`")

    async def _body(self, request: web.Request) -> bytes:
        largest, body = self._webhook.largest_bytes, bytearray()
        too_long = _RefusedError(413, "body", f"is longer than {largest} bytes", "send fewer rows at a time")
        if (request.content_length or 0) > largest:
            raise too_long
        try:
            async with asyncio.timeout(self._webhook.read_seconds):
                async for chunk in request.content.iter_chunked(_CHUNK):
                    body += chunk
                    if len(body) > largest:
                        raise too_long
        except TimeoutError:
            raise _RefusedError(408, "body", "did not come in time", "send it again") from None
        return bytes(body)

    async def _sent(self, body: bytes, written: Format) -> tuple[int, int]:
        if self._pushes.qsize() >= self._webhook.waiting:
            raise _away()
        push = _Push(body, written, asyncio.get_running_loop().create_future())
        self._pushes.put_nowait(push)
        try:
            return await asyncio.wait_for(push.sent, self._webhook.answer_seconds)
        except MappingError as error:
            path, _, rest = str(error).partition(": ")
            rule, _, remedy = rest.rpartition("; ")
            raise _RefusedError(400, path, rule, remedy) from None
        except TimeoutError:
            raise _away() from None


def _away() -> _RefusedError:
    return _RefusedError(503, "cad.events", "is not to be reached now", "send the same rows again later")


def _format(request: web.Request) -> Format:
    written = _FORMATS.get(request.content_type)
    if written is None:
        rule = "is neither application/json nor text/csv"
        raise _RefusedError(415, "Content-Type", rule, "send one of those")
    return written


def _digest(text: str) -> bytes:
    """So that comparing takes as long whatever was sent."""
    return sha256(text.encode("utf-8", "surrogateescape")).digest()


def _problem(error: _RefusedError) -> web.Response:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if error.status == 503:
        headers["Retry-After"] = _RETRY_AFTER
    said = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "path": error.path,
        "rule": error.rule,
        "remedy": error.remedy,
        "detail": str(error),
    }
    return web.json_response(
        said, status=error.status, headers=headers, content_type="application/problem+json"
    )
