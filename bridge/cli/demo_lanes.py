"""Lanes of the bridge as processes of this machine, for as long as a block lasts."""

import os
import signal
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from urllib.error import URLError

from bridge.sandbox.processes import Daemon, free_port
from bridge.sandbox.world import World

_START_SECONDS = 40.0
_STOP_SECONDS = 15.0


@contextmanager
def lanes_running(world: World, environment: Mapping[str, str], lanes: str) -> Iterator[dict[str, int]]:
    """Start one worker a lane and wait until each is ready; answers the port of each one's probes.

    SandboxError says what a worker's log says when it does not become ready.
    """
    ports = {lane: free_port() for lane in lanes}
    workers = {lane: Daemon(f"worker-{lane}", world.home / "workers") for lane in lanes}
    try:
        for lane, worker in workers.items():
            command = [sys.executable, "-P", "-m", "bridge", "worker", "--lane", lane]
            command += ["--probes-port", str(ports[lane])]
            worker.launch(command, environment={**os.environ, **environment})
        for lane, worker in workers.items():
            worker.wait_until(partial(_ready, ports[lane]), _START_SECONDS)
        yield ports
    finally:
        for worker in workers.values():
            worker.stop(signal.SIGTERM, _STOP_SECONDS)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
