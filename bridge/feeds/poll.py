"""A poll over HTTP: the whole table, asked for again and again; what changed since is sent.

A poll that fails is tried again, later each time. Bounds on time and size hold whatever the other side
does, and a redirect is not followed: the headers may hold a key. Knows nothing of what a row means.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import aiohttp

from bridge import logs
from bridge.errors import BridgeError, SettingsError
from bridge.feeds.mapping import MappingError
from bridge.feeds.sending import Feed, jittered, stopped_within
from bridge.feeds.spool import Spool
from bridge.feeds.ways_in import Poll

_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0
_LONGEST_ASKED = 3600.0
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CHUNK = 64 * 1024


class PollError(BridgeError):
    """An address that gave no table for too long."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A table, or (`body` is None) the word that it is still the one we have."""

    body: bytes | None
    validators: Mapping[str, str]


class _NoTableError(BridgeError):
    """This time there was no table. `reason` is a code for the log, `after` what the other side asked for."""

    def __init__(self, reason: str, *, after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


def headers_of(text: str) -> dict[str, str]:
    """The headers of a secret text, a line `Name: value` each. SettingsError, which shows none of it."""
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, colon, value = line.partition(":")
        if line.strip() and not (colon and _NAME.fullmatch(name) and value.strip().isprintable()):
            raise SettingsError(f"poll.headers_file: line {number} is no header; write it as `Name: value`")
        found[name] = value.strip()
    return {name: value for name, value in found.items() if name.strip()}


async def run(poll: Poll, headers: Mapping[str, str], feed: Feed, spool: Spool) -> None:
    """Poll until the process shall end; `headers` are never shown.

    PollError after `give_up_after_seconds` without a table that fits. Raises what `Spool.send` does as well,
    but for a table that does not fit: that is a failed poll.
    """
    await spool.take_up(feed)
    timeout = aiohttp.ClientTimeout(total=poll.timeout_seconds)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        validators: Mapping[str, str] = {}
        well, wait = time.monotonic(), _FIRST_WAIT
        while not feed.stop.is_set():
            try:
                answer = await _ask(session, poll, validators)
                await _send(answer, poll, feed, spool)
                validators = answer.validators
                well, wait, pause = time.monotonic(), _FIRST_WAIT, poll.every_seconds
            except (_NoTableError, MappingError) as error:
                _tell(error, feed)
                silent = time.monotonic() - well
                if silent >= poll.give_up_after_seconds:
                    raise PollError(
                        f"poll.url: gave no table that fits for {silent:.0f} s, the last time: {error}; see "
                        "that the address, the headers and the mapping are right"
                    ) from None
                pause = max(jittered(wait), error.after if isinstance(error, _NoTableError) else 0)
                wait = min(2 * wait, max(_LONGEST_WAIT, poll.every_seconds))
            await stopped_within(feed.stop, pause)


async def _ask(session: aiohttp.ClientSession, poll: Poll, validators: Mapping[str, str]) -> _Answer:
    try:
        async with session.get(poll.url, headers=validators, allow_redirects=False) as response:
            if response.status == 304:
                return _Answer(None, validators)
            if response.status != 200:
                raise _NoTableError(f"status.{response.status}", after=_asked(response.headers))
            return _Answer(await _body(response, poll.largest_bytes), _validators(response.headers))
    except TimeoutError:
        raise _NoTableError("timeout") from None
    except (aiohttp.ClientError, OSError) as error:
        raise _NoTableError(type(error).__name__) from None


async def _body(response: aiohttp.ClientResponse, largest: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > largest:
            raise _NoTableError("too_long")
    return bytes(body)


async def _send(answer: _Answer, poll: Poll, feed: Feed, spool: Spool) -> None:
    body = answer.body
    if body is None or sha256(body).hexdigest() == feed.position.done:
        logs.logger().debug("feed.unchanged", agency=feed.mapping.agency)
    else:
        await spool.send(body, poll.format, feed)


def _tell(error: _NoTableError | MappingError, feed: Feed) -> None:
    agency = feed.mapping.agency
    if isinstance(error, _NoTableError):
        logs.logger().warning("feed.poll_failed", agency=agency, reason=error.reason)
    else:
        logs.logger().error("feed.refused", agency=agency, error=str(error))


def _validators(headers: Mapping[str, str]) -> dict[str, str]:
    """What to ask with next time, to be told when nothing has changed (RFC 9110, 13.1)."""
    if etag := headers.get("ETag"):
        return {"If-None-Match": etag}
    if modified := headers.get("Last-Modified"):
        return {"If-Modified-Since": modified}
    return {}


def _asked(headers: Mapping[str, str]) -> float:
    """The seconds of Retry-After, at most an hour; a date or nonsense is 0."""
    said = headers.get("Retry-After", "")
    return min(float(said), _LONGEST_ASKED) if said.isascii() and said.isdigit() else 0.0
