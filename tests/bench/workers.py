"""The three that are compared, as processes of their own: started alike, measured alike, ended alike."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from tests.bench.ground import Ground


class Peer(StrEnum):
    """Who does the work."""

    BRIDGE = "bridge worker"
    HANDWRITTEN = "hand-written aiokafka"
    PLAIN = "plain Faust"


_ARGUMENTS = {
    Peer.BRIDGE: ("bridge", "worker", "--probes-port", "0"),
    Peer.HANDWRITTEN: ("tests.bench.peers.handwritten",),
    Peer.PLAIN: ("tests.bench.peers.plain_faust",),
}


class WorkerEndedError(Exception):
    """A worker ended while it was measured; its last words are in the text."""


@dataclass(frozen=True, slots=True)
class Running:
    """One worker that runs."""

    peer: Peer
    process: subprocess.Popen[bytes]
    log: Path

    def cpu_s(self) -> float:
        """User and system time so far, all threads, in seconds."""
        self.check()
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def check(self) -> None:
        """Raise WorkerEndedError when it runs no longer."""
        if (status := self.process.poll()) is not None:
            last = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise WorkerEndedError(f"the {self.peer} ended with {status}:\n{last}")


@contextmanager
def running(peer: Peer, ground: Ground, *more: str) -> Iterator[Running]:
    """Start a worker on its ground, with `more` arguments; kill it after the block: what it did was read."""
    log = ground.folder / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *_ARGUMENTS[peer], *more],
            cwd=ground.folder,
            env=dict(ground.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield Running(peer, process, log)
    finally:
        process.kill()
        process.wait()
