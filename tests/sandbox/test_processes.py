"""A process is ours only if its number, start and arguments say so, and none outlives who must end it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bridge.errors import SandboxError
from bridge.sandbox.processes import Daemon, free_port, is_free, wait_for_end

CHECKOUT = Path(__file__).resolve().parents[2]
SLEEPER = ["/bin/sleep", "600"]


def shown(look: Callable[[], bool]) -> None:
    """Looks until it is so: the system shows a process's arguments only a moment after its start."""
    deadline = time.monotonic() + 30
    while not look():
        assert time.monotonic() < deadline, "not shown within 30 s"


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    daemon = Daemon("sleeper", tmp_path)
    yield daemon
    daemon.kill()


@pytest.fixture
def stranger() -> Iterator[psutil.Popen]:
    stranger = psutil.Popen(SLEEPER)
    shown(lambda: stranger.cmdline() == SLEEPER)
    yield stranger
    stranger.kill()
    stranger.wait()


def test_a_daemon_is_found_again_by_another_object(daemon: Daemon, tmp_path: Path) -> None:
    daemon.launch(SLEEPER, environment=os.environ)
    ours = daemon.running()
    shown(lambda: Daemon("sleeper", tmp_path).running() == ours)


def test_a_stopped_daemon_has_ended_and_left_no_record(daemon: Daemon, tmp_path: Path) -> None:
    daemon.launch(SLEEPER, environment=os.environ)
    process = daemon.running()
    daemon.stop(signal.SIGTERM, seconds=10)
    assert process is not None
    assert not process.is_running()
    assert daemon.running() is None
    assert not (tmp_path / "sleeper.json").exists()


def test_a_daemon_that_ignores_the_request_is_killed(daemon: Daemon) -> None:
    deaf = "trap '' TERM; echo ready; while :; do sleep 600; done"
    daemon.launch(["/bin/sh", "-c", deaf], environment=os.environ)
    daemon.wait_until(lambda: daemon.log.read_text() != "", seconds=60)
    daemon.stop(signal.SIGTERM, seconds=0.1)
    assert daemon.running() is None


@pytest.mark.parametrize("lie", ["started", "arguments"])
def test_a_stale_record_is_not_believed_and_a_stranger_not_signalled(
    daemon: Daemon, tmp_path: Path, stranger: psutil.Popen, lie: str
) -> None:
    truth = {"number": stranger.pid, "started": stranger.create_time(), "arguments": SLEEPER[1:]}
    record = tmp_path / "sleeper.json"
    record.write_text(json.dumps(truth))
    assert daemon.running() is not None
    record.write_text(json.dumps({**truth, lie: {"started": 1.0, "arguments": ["60"]}[lie]}))
    assert daemon.running() is None
    daemon.stop(signal.SIGTERM, seconds=1)
    daemon.kill()
    assert stranger.poll() is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"number": 1}', '{"number": "x", "started": 1, "arguments": []}']
)
def test_a_record_that_was_cut_short_is_no_record(daemon: Daemon, tmp_path: Path, text: str) -> None:
    (tmp_path / "sleeper.json").write_text(text)
    assert daemon.running() is None


def test_a_start_that_was_interrupted_before_its_record_is_adopted(daemon: Daemon) -> None:
    command = ["/bin/sleep", f"6{os.getpid()}"]
    assert not daemon.adopt(command)
    with psutil.Popen(command) as unrecorded:
        shown(lambda: daemon.adopt(command))
        daemon.kill()
        assert unrecorded.wait() == -signal.SIGKILL


def test_who_ends_while_starting_is_quoted(daemon: Daemon) -> None:
    daemon.launch(["/bin/sh", "-c", "echo no room on this disk; exit 1"], environment=os.environ)
    with pytest.raises(SandboxError, match=r"sleeper ended while starting\n.*\n  no room on this disk"):
        daemon.wait_until(lambda: False, seconds=60)


def test_who_does_not_answer_in_time_is_ended(daemon: Daemon) -> None:
    daemon.launch(SLEEPER, environment=os.environ)
    with pytest.raises(SandboxError, match="did not answer within 0 s"):
        daemon.wait_until(lambda: False, seconds=0.1)
    assert daemon.running() is None


def test_a_guarded_daemon_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = f"""
import os, pathlib, sys
from bridge.sandbox.guard import Guard
from bridge.sandbox.processes import Daemon
daemon = Daemon("sleeper", pathlib.Path({str(tmp_path)!r}))
daemon.guard = Guard()
daemon.launch({SLEEPER!r}, environment=os.environ)
print("started", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", starter], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        left_behind = Daemon("sleeper", tmp_path)
        shown(lambda: left_behind.running() is not None)
        sleeper = left_behind.running()
        assert sleeper is not None
        process.kill()
    assert wait_for_end([sleeper], seconds=60)


def test_a_free_port_is_free_and_below_the_ports_of_clients() -> None:
    port = free_port()
    assert is_free(port)
    assert port < 32_768
