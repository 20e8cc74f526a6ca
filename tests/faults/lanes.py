"""Workers as processes of their own: started, waited for, given an order to die, killed, started again.

A worker is the real command with an ambush laid (`tests.faults.worker`). Its log is kept for whoever
wonders; its probes say when it reads.
"""

import asyncio
import itertools
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bridge.sandbox.processes import free_port
from tests.faults.ground import Ground
from tests.faults.seams import Order

READY_SECONDS = 60.0
"""A busy machine, and the session of a killed member that must run out first."""

ENDED_SECONDS = 30.0

_numbers = itertools.count(1)


class WorkerStateError(Exception):
    """A worker did not do in time what it was waited for; its last words are in the text."""


class Lane:
    """One worker of one lane. Started by `start`; may be started again after its end."""

    def __init__(
        self, ground: Ground, name: str = "a", *, environment: Mapping[str, str] | None = None
    ) -> None:
        self.ground = ground
        self.name = name
        self.log = ground.folder / f"lane-{name}-{next(_numbers)}.log"
        self.port = free_port()
        self.ready_s = 0.0
        """How long the last start took until records were read."""
        self._environment = dict(environment or ground.environment)
        self._orders = Path()
        self._started = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; returns at once."""
        self._orders = self.ground.folder / f"orders-{next(_numbers)}"
        command = [sys.executable, "-m", "tests.faults.worker", str(self._orders)]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "--lane", self.name, "--probes-port", str(self.port)],
                cwd=self.ground.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self._started = time.monotonic()

    async def ready(self, within_s: float = READY_SECONDS) -> None:
        """Wait until it has partitions, positions and a ledger to write to."""
        while not await asyncio.to_thread(self._answers):
            if not self.alive:
                raise WorkerStateError(f"lane {self.name} ended while starting\n{self.last_words()}")
            if time.monotonic() - self._started > within_s:
                raise WorkerStateError(f"lane {self.name} is not ready\n{self.last_words()}")
            await asyncio.sleep(0.05)
        self.ready_s = time.monotonic() - self._started

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def order(self, order: Order) -> None:
        """Let this process run into a fault."""
        order.write(self._orders)

    async def ended(self, within_s: float = ENDED_SECONDS) -> int:
        """Wait for its end and answer the exit status; negative for a signal."""
        assert self._process is not None
        until = time.monotonic() + within_s
        while (status := self._process.poll()) is None:
            if time.monotonic() > until:
                raise WorkerStateError(f"lane {self.name} lives on after {within_s} s\n{self.last_words()}")
            await asyncio.sleep(0.01)
        return status

    def send(self, what: signal.Signals) -> None:
        """A signal to the process."""
        assert self._process is not None
        self._process.send_signal(what)

    def kill(self) -> None:
        """SIGKILL, and the end of it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def stop(self) -> int:
        """SIGTERM, as a deployment does."""
        self.send(signal.SIGTERM)
        return await self.ended()

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def exposition(self) -> str:
        """What `/metrics` says."""
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as page:
            text: str = page.read().decode()
        return text

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2) as page:
                return bool(page.status == 200)
        except (URLError, OSError):
            return False


@asynccontextmanager
async def running(
    ground: Ground, *names: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[list[Lane]]:
    """Lanes of these names, ready; killed after the block."""
    async with AsyncExitStack() as ends:
        lanes = [Lane(ground, name, environment=environment) for name in names]
        for lane in lanes:
            ends.callback(lane.kill)
            lane.start()
        for lane in lanes:
            await lane.ready()
        yield lanes
