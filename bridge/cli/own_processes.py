"""The bridge's own processes on this machine: worker lanes and a desk, started, found again, waited for.

Needs the extra `local`.
"""

import os
import signal
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from bridge.sandbox.processes import Daemon, free_port
from bridge.sandbox.world import World

_READY_SECONDS = 60.0  # a busy laptop
STOP_SECONDS = 20.0
_ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Service:
    """A process by its name, and how it is called. `ports` are options that each get a free port."""

    name: str
    arguments: tuple[str, ...]
    ports: tuple[str, ...] = ("--probes-port",)

    def daemon(self, world: World) -> Daemon:
        """The process, whether it runs or not."""
        return Daemon(self.name, world.home / "workers")

    def address(self, world: World, option: str = "--probes-port") -> str:
        """`host:port` by which it was started; nothing if it does not run."""
        process = self.daemon(world).running()
        arguments = process.cmdline() if process else []
        return next((f"127.0.0.1:{port}" for said, port in pairwise(arguments) if said == option), "")

    def is_ready(self, world: World) -> bool:
        """Whether it says so itself."""
        try:
            url = f"http://{self.address(world)}/health/ready"
            with urllib.request.urlopen(url, timeout=_ANSWER_SECONDS) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def lane(letter: str) -> Service:
    """The worker of one lane."""
    return Service(f"worker-{letter}", ("worker", "--lane", letter))


DESK = Service("desk", ("desk",), ("--port", "--probes-port"))


def start(world: World, services: Sequence[Service], environment: Mapping[str, str]) -> None:
    """Start those that do not run, and return when all say that they are ready.

    SandboxError says what the log of one says that does not become ready.
    """
    for service in services:
        daemon = service.daemon(world)
        if daemon.running() is None:
            arguments = [*command(*service.arguments), *_free(service)]
            daemon.launch(arguments, environment={**os.environ, **environment})
    for service in services:
        service.daemon(world).wait_until(partial(service.is_ready, world), _READY_SECONDS)


def stop(world: World, services: Sequence[Service]) -> None:
    """End those that run, all at once: each finishes what it has begun."""
    with ThreadPoolExecutor(len(services)) as pool:
        list(pool.map(lambda each: each.daemon(world).stop(signal.SIGTERM, STOP_SECONDS), services))


@contextmanager
def running(world: World, services: Sequence[Service], environment: Mapping[str, str]) -> Iterator[None]:
    """They run for as long as the block lasts."""
    try:
        start(world, services, environment)
        yield
    finally:
        stop(world, services)


def command(*arguments: str) -> list[str]:
    """A verb of `bridge`, as a process of this Python."""
    return [sys.executable, "-P", "-m", "bridge", *arguments]


def _free(service: Service) -> Iterator[str]:
    for option in service.ports:
        yield from (option, str(free_port()))
