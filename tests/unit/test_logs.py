"""Logs that cannot carry a caller's words, whoever writes them and however."""

import asyncio
import gc
import io
import json
import logging
import sys
import threading
import warnings

import pytest
import structlog

from bridge import logs
from bridge.errors import LedgerLostError

CANARY = "my son Xanthippus at 555-0199 has a knife"


@pytest.fixture
def lines():
    """What is logged from here on, line by line, as JSON; the process's logging is put back after."""
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(level="DEBUG", output="json", hash_key=bytes(32), to=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    assert "Xanthippus" not in stream.getvalue() and "555-0199" not in stream.getvalue()
    root.handlers[:], root.level, threading.excepthook = handlers, level, hook
    logging.captureWarnings(False)
    structlog.reset_defaults()


def test_a_line_says_the_action_and_a_hash_of_the_call(lines):
    logs.logger().info("offered", call=logs.call_hash("I-17"), destination="988", count=3, seconds=0.5)
    (line,) = lines()
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "info", "action": "offered", "call": logs.call_hash("I-17"),
        "destination": "988", "count": 3, "seconds": 0.5,
    }  # fmt: skip
    assert len(line["call"]) == 12 and line["call"] != "17"


def test_the_hash_of_a_call_depends_on_the_key(lines):
    first = logs.call_hash("I-17")
    logs.configure(level="INFO", output="json", hash_key=b"\1" * 32, to=io.StringIO())
    assert logs.call_hash("I-17") != first
    assert logs.derived_key(bytes(32)) != bytes(32)


@pytest.mark.parametrize(
    "given",
    [
        {"narrative": CANARY},
        {"reason": CANARY},
        {"destination": [CANARY]},
        {"host": {"a": CANARY}},
        {CANARY: 1},
        {"state": "x" * 101},
        {"state": "a\nb"},
        {"call": b"Xanthippus"},
    ],
)
def test_an_unknown_key_or_a_value_that_is_no_code_is_left_out_and_told(lines, given):
    logs.logger().info("offered", **given)
    (line,) = lines()
    assert set(line) == {"at", "level", "action", "refused"}


def test_a_sentence_as_action_is_left_out(lines):
    logs.logger().info(CANARY)
    assert lines()[0]["action"] == "unnamed"


def test_an_error_of_ours_is_told_with_its_text_a_foreign_one_by_type_and_place(lines):
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as cause:
            raise LedgerLostError("the ledger is gone; it is tried again") from cause
    except LedgerLostError:
        logs.logger().exception("turn_failed")
    try:
        {}[CANARY]
    except KeyError:
        logs.logger().exception("turn_failed")
    ours, foreign = lines()
    assert ours["error"] == "the ledger is gone; it is tried again"
    assert ours["error_type"] == "LedgerLostError<ValueError"
    assert foreign["error_type"] == "KeyError" and "error" not in foreign
    assert foreign["where"].startswith("unit/test_logs.py:")


def test_other_libraries_are_reduced_to_the_sentence_in_their_source(lines):
    log = logging.getLogger("aiokafka.consumer")
    log.warning("cannot decode %r", CANARY)
    log.warning(f"cannot decode {CANARY}")
    try:
        raise RuntimeError(CANARY)
    except RuntimeError as error:
        log.exception("it raised %s", error, stack_info=True)
    known, made_up, raised = lines()
    assert (known["logger"], known["template"]) == ("aiokafka.consumer", "cannot decode %r")
    assert "template" not in made_up and made_up["where"].startswith("unit/test_logs.py:")
    assert raised["error_type"] == "RuntimeError"


def test_what_nobody_caught_is_reduced_too(lines):
    def dies() -> None:
        raise RuntimeError(CANARY)

    async def dies_too() -> None:
        raise RuntimeError(CANARY)

    async def forgets_a_task() -> None:
        await asyncio.wait([asyncio.create_task(dies_too())])

    thread = threading.Thread(target=dies)
    thread.start()
    thread.join()
    asyncio.run(forgets_a_task())
    gc.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, stacklevel=1)
    actions = [(line["action"], line.get("error_type")) for line in lines()]
    assert ("thread_died", "RuntimeError") in actions
    assert ("library", "RuntimeError") in actions


def test_a_line_in_logfmt_starts_with_what_matters(lines):
    stream = io.StringIO()
    logs.configure(level="INFO", output="logfmt", to=stream)
    logs.logger().debug("unseen")
    logs.logger().warning("deadline", seconds=2, call="abc", lane="a")
    head, _, rest = stream.getvalue().partition(" ")
    assert head.startswith("at=")
    assert rest == "level=warning action=deadline call=abc seconds=2 lane=a\n"


def test_lines_go_to_standard_error_by_default(lines, capsys):
    logs.configure(level="INFO", output="logfmt")
    logs.logger().info("offered")
    captured = capsys.readouterr()
    assert captured.out == "" and "action=offered" in captured.err
    assert sys.stderr is not sys.stdout
