"""Processes of the sandbox: started, recognized later, stopped.

A process is believed to be ours only if its number, its start and its arguments are the ones written down:
the system reuses numbers. Nothing is signalled that was not recognized first. Knows no Kafka, no PostgreSQL.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from bridge.errors import SandboxError
from bridge.sandbox.guard import Guard

CLOCK_TOLERANCE = 5.0  # seconds; a start time is computed from the wall clock, which may be set
POLL = 0.02  # seconds between two looks at a server that starts or stops
KILL_SECONDS = 10


@dataclass(frozen=True)
class Account:
    """An ordinary account of this machine, for a server that refuses to run as root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class _Record:
    number: int
    started: float
    arguments: list[str]

    def describes(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            close = abs(process.create_time() - self.started) < CLOCK_TOLERANCE
            return close and process.cmdline()[1:] == self.arguments
        except psutil.Error:
            return False


class Daemon:
    """One process with a log and a record of what it is, both in `folder`; it may outlive us."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.guard: Guard | None = None
        self.guard_signal: int = signal.SIGKILL
        self._record = folder / f"{name}.json"
        self._child: subprocess.Popen[bytes] | None = None

    def running(self) -> psutil.Process | None:
        """The process, if it is alive and certainly ours."""
        if self._child is not None and self._child.poll() is None:
            # no other process can have our child's number; its arguments show only when exec is through
            return psutil.Process(self._child.pid)
        try:
            record = _Record(**json.loads(self._record.read_text()))
            process = psutil.Process(record.number)
        except (OSError, ValueError, TypeError, psutil.Error):
            return None  # no record, one that was cut short, or nobody of that number
        return process if record.describes(process) else None

    def adopt(self, command: Sequence[str]) -> bool:
        """Finds a process with exactly the arguments of `command` that an interrupted start left unrecorded.

        Only for commands that name a folder of ours: the arguments are the proof.
        """
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.cmdline()[1:] == list(command[1:]):
                    self._remember(process, command)
                    return True
        return False

    def launch(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        account: Account | None = None,
    ) -> None:
        """Starts `command` in a session of its own, so that neither Ctrl-C nor our end reaches it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(environment),
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        if self.guard is not None:
            self.guard.watch(child.pid, self.guard_signal)
        self._child = child
        with suppress(psutil.NoSuchProcess):  # it ended at once: `wait_until` says why
            self._remember(psutil.Process(child.pid), command)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Returns when `ready()` holds; says what the log says if the process ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.running() is None:
                raise SandboxError(f"{self.name} ended while starting\n{self.last_words()}")
            if time.monotonic() > deadline:
                self.kill()
                raise SandboxError(f"{self.name} did not answer within {seconds:.0f} s\n{self.last_words()}")
            time.sleep(POLL)

    def stop(self, signal_number: int, seconds: float) -> None:
        """Asks the process to end, waits, and kills what has not ended after `seconds`."""
        process = self.running()
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal_number)
            if not wait_for_end([process], seconds):
                kill_all([process])
        self._forget()

    def kill(self) -> None:
        """SIGKILL for the process and its children, and returns when none of them is left."""
        process = self.running()
        if process is not None:
            kill_all([process])
        self._forget()

    def last_words(self) -> str:
        """The end of the log, for a person who wonders why."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            lines = []
        return "\n".join(f"  {line}" for line in [f"end of {self.log}:", *lines[-12:]])

    def _remember(self, process: psutil.Process, command: Sequence[str]) -> None:
        record = _Record(process.pid, process.create_time(), list(command[1:]))
        unfinished = self._record.with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(record)))
        unfinished.replace(self._record)

    def _forget(self) -> None:
        if self._child is not None:
            if self.guard is not None:
                self.guard.release(self._child.pid)
            self._child.poll()
        self._child = None
        self._record.unlink(missing_ok=True)


def kill_all(processes: Sequence[psutil.Process]) -> None:
    """SIGKILL for `processes` and everything below them; returns when all are gone."""
    doomed = list(processes)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            doomed += process.children(recursive=True)
    for process in doomed:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    if not wait_for_end(doomed, KILL_SECONDS):
        names = ", ".join(str(process.pid) for process in doomed)
        raise SandboxError(f"processes {names} survive SIGKILL: the disk may hang; look at them with ps")


def wait_for_end(processes: Sequence[psutil.Process], seconds: float) -> bool:
    """Whether all of `processes` ended within `seconds`. One whose parent has yet to notice has ended."""
    deadline = time.monotonic() + seconds
    while not all(_has_ended(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL)
    return True


def _has_ended(process: psutil.Process) -> bool:
    """A zombie that still counts threads is not through: its sockets are open until the last is gone."""
    try:
        if not process.is_running():
            return True
        return bool(process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1)
    except psutil.NoSuchProcess:
        return True


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses.

    Below the range from which systems take the near end of outgoing connections: a client that knocks on the
    port of a stopped broker can be given that very port, connect to itself, and keep the broker from coming
    back.
    """
    for port in random.sample(range(15_000, 32_000), 200):
        if is_free(port):
            return port
    raise SandboxError("no free TCP port between 15000 and 32000 on 127.0.0.1; end some servers")


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def without(environment: Mapping[str, str], prefix: str) -> dict[str, str]:
    """`environment` less the variables that would turn a server to somebody else's data."""
    return {name: value for name, value in environment.items() if not name.startswith(prefix)}


def is_root() -> bool:
    """Whether we run as root."""
    return os.geteuid() == 0
