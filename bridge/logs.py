"""What the bridge says on standard error: a line per action, keys from a closed list, values that are codes.

A caller's words must not get here whatever anybody logs. So an unknown key loses its value, a value that
is not a number or a short code is left out, an exception that is not ours is named by its type and
place only, and other libraries' lines are reduced to the sentence in their source, without its values.

structlog is imported with the first line, because most commands end without one and it brings half of rich.
"""

import hashlib
import hmac
import json
import logging
import re
import secrets
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from bridge.errors import BridgeError

if TYPE_CHECKING:
    from structlog import WriteLogger
    from structlog.typing import FilteringBoundLogger

KEYS = frozenset(
    """
    at level action call agency attempt channel clause constraint count destination error error_type
    events generation group host invariant key kind lane logger message_id offset outcome partition path pid
    policy port reason refused result rows seconds signal sqlstate state status template topic verdict
    version where
    """.split()  # noqa: SIM905 - a list that is read, one name after the other
)
"""What a line may say. `error` is the text of an exception of ours, `template` a sentence from a source."""

_SENTENCES = frozenset({"error", "template"})
_OURS = frozenset({"where", "error_type"})
_CODE = re.compile(r"[\w.:/@+\-]{1,100}", re.ASCII)
_LONGEST_SENTENCE = 300
_FRAMES = 6
_HASH_LABEL = b"bridge call hash, version 1"

_key = secrets.token_bytes(32)

_begin: Callable[[], None] | None = None
"""What is still to be done before the first line."""


def configure(*, level: str, output: str, hash_key: bytes | None = None, to: TextIO | None = None) -> None:
    """Set the process's logging up: `output` is `logfmt` or `json`, `level` the least that is written.

    Takes over the root of the standard library's logging and the hooks for exceptions in threads.
    Without `hash_key` the hashes of call ids hold for this process only.
    """
    global _key, _begin
    _key = hash_key or secrets.token_bytes(32)
    number = logging.getLevelNamesMapping()[level]
    _begin = partial(_configure, number, output, to)
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.addHandler(_Foreign())
    # What libraries say in passing is noise at 3 a.m.; with DEBUG somebody asked for it.
    root.setLevel(number if number <= logging.DEBUG else max(number, logging.WARNING))
    logging.captureWarnings(True)
    threading.excepthook = _of_a_thread


def logger() -> "FilteringBoundLogger":
    """Say things with `logger().info("offered", call=call_hash(incident_id), destination=...)`."""
    global _begin
    import structlog

    if _begin is not None:
        _begin()
        _begin = None
    bound: FilteringBoundLogger = structlog.get_logger()
    return bound


def call_hash(incident_id: str) -> str:
    """What stands for an incident in logs: 12 hexadecimal digits, the same wherever the key is the same."""
    return hmac.new(_key, incident_id.encode(), hashlib.sha256).hexdigest()[:12]


def derived_key(ledger_key: bytes) -> bytes:
    """The key of `call_hash` for an installation that sets none of its own."""
    return hmac.new(ledger_key, _HASH_LABEL, hashlib.sha256).digest()


Event = MutableMapping[str, object]


def _configure(number: int, output: str, to: TextIO | None) -> None:
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.EventRenamer("action"),
            _exception_by_type,
            _only_what_may_be_said,
            _renderer(output),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=to) if to else _to_standard_error,
        cache_logger_on_first_use=False,
    )


def _renderer(output: str) -> Callable[[object, str, Event], str]:
    first = ("at", "level", "action", "call")
    if output == "json":
        return lambda _, __, event: json.dumps(event)
    from structlog.processors import LogfmtRenderer

    render = LogfmtRenderer(key_order=first, drop_missing=True, bool_as_flag=False)
    return lambda logger_, name, event: render(logger_, name, dict(event))


def _to_standard_error(*_: object) -> "WriteLogger":
    """To what standard error is when a line is written: a test may have put another in its place."""
    from structlog import WriteLogger

    return WriteLogger(sys.stderr)


def _exception_by_type(_: object, __: str, event: Event) -> Event:
    """An exception becomes its type and place; its text is shown only when we wrote it."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    elif isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["error_type"] = "<".join(type(one).__name__ for one in _chain(given))
        event["where"] = places(given.__traceback__)
        if isinstance(given, BridgeError):
            event["error"] = str(given)
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what caused it, at most five."""
    one: BaseException | None = error
    for _ in range(5):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def places(traceback: TracebackType | None) -> str:
    """The last frames of a traceback as `folder/file.py:line`, outermost first."""
    frames = []
    while traceback is not None:
        frames.append(_place(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    return ">".join(frames[-_FRAMES:])


def _place(file: str, line: int) -> str:
    path = Path(file)
    return f"{path.parent.name}/{path.name}:{line}"


def _only_what_may_be_said(_: object, __: str, event: Event) -> Event:
    """Keep known keys with harmless values; name the keys that were not."""
    kept: Event = {}
    refused = []
    for key, value in event.items():
        said = _said(key, value) if key in KEYS else None
        if said is not None:
            kept[key] = said
        elif value is not None:
            refused.append(key if key in KEYS else "unknown")
    if refused:
        kept["refused"] = ",".join(sorted(set(refused)))
    kept.setdefault("action", "unnamed")
    return kept


def _said(key: str, value: object) -> str | float | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return value
    if not isinstance(value, str):
        return None
    if key in _SENTENCES:
        return " ".join(value.split())[:_LONGEST_SENTENCE]
    if key in _OURS:
        return value[-_LONGEST_SENTENCE:]
    return str(value) if _CODE.fullmatch(value) else None


class _Foreign(logging.Handler):
    """Other libraries' lines: who, where, and the sentence in their source, without its values.

    A line that came without values may have been put together before, from anything (asyncio does it with
    an exception's text): it is known by its place alone.
    """

    def emit(self, record: logging.LogRecord) -> None:
        said: dict[str, object] = {"logger": record.name, "where": _place(record.pathname, record.lineno)}
        if record.args and isinstance(record.msg, str):
            said["template"] = record.msg
        if record.exc_info:
            said["exc_info"] = record.exc_info
        _say(record.levelno, "library", said)


def _of_a_thread(given: threading.ExceptHookArgs) -> None:
    _say(logging.ERROR, "thread_died", {"exc_info": given.exc_value})


def _say(level: int, action: str, said: Mapping[str, object]) -> None:
    logger().log(level, action, **said)
