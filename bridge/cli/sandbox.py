"""`bridge sandbox up | down | status`: a laptop's Kafka, PostgreSQL and two worker lanes in the background.

Everything is below one folder, `.bridge` of the checkout. Needs the extra `local`, and so imports it late.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.errors import SandboxError

if TYPE_CHECKING:
    from bridge.sandbox.processes import Daemon
    from bridge.sandbox.world import World

LANES = ("a", "b")
READY_SECONDS = 60.0  # a busy laptop
WORKER_STOP_SECONDS = 20.0

app = typer.Typer(help="Kafka, PostgreSQL and two worker lanes on this machine.", no_args_is_help=True)


def default_home() -> Path:
    """`.bridge` of the checkout we run from; of the current folder if we were installed from a package."""
    checkout = Path(__file__).resolve().parents[2]
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / ".bridge"


Home = Annotated[Path, typer.Option(help="The folder that holds everything.", default_factory=default_home)]


@app.command()
def up(home: Home) -> None:
    """Start Kafka and PostgreSQL, migrate, make the topics, start worker lanes a and b."""
    with _told_plainly():
        world = _world(home)
        typer.echo(f"starting Kafka and PostgreSQL in {world.home}", err=True)
        world.start()
        _write_environment(world)
        for command in ("migrate", "topics"):
            _bridge(world, command)
        _start_lanes(world)
        status(home)
        typer.echo(f"the way there, as variables: {world.home / 'env'}")


@app.command()
def down(home: Home) -> None:
    """Stop the worker lanes, then Kafka and PostgreSQL. What they stored stays."""
    with _told_plainly():
        world = _world(home)
        with ThreadPoolExecutor(len(LANES)) as pool:
            workers = [_worker(world, lane) for lane in LANES]
            list(pool.map(lambda worker: worker.stop(signal.SIGTERM, WORKER_STOP_SECONDS), workers))
        world.stop()
        (world.home / "env").unlink(missing_ok=True)
        typer.echo("nothing runs")


@app.command()
def status(home: Home) -> None:
    """Say what runs, where, and since when. Ends with 3 if something does not run."""
    with _told_plainly():
        world = _world(home)
        broker = world.kafka.bootstrap if world.kafka.daemon.running() else ""
        places = [(world.kafka.daemon, broker), (world.postgres.daemon, world.postgres.dsn("bridge"))]
        lines = [*places, *(_lane_and_place(world, lane) for lane in LANES)]
        for daemon, place in lines:
            typer.echo(_describe(daemon, place))
        if not all(daemon.running() for daemon, _ in lines):
            raise typer.Exit(3)


def _describe(daemon: Daemon, place: str) -> str:
    process = daemon.running()
    if process is None:
        return f"{daemon.name:<9} does not run"
    since = datetime.fromtimestamp(process.create_time()).astimezone().isoformat(" ", "seconds")
    return f"{daemon.name:<9} pid {process.pid:<7} since {since}  {place}".rstrip()


def _world(home: Path) -> World:
    try:
        from bridge.sandbox.world import World  # the extra may be missing
    except ImportError as error:
        raise SandboxError(f"{error.name} is not installed; install the extra: bridge911[local]") from error
    return World(home)


def _write_environment(world: World) -> None:
    unfinished = world.home / "env.new"
    unfinished.write_text("".join(f"{name}={value}\n" for name, value in world.environment().items()))
    unfinished.replace(world.home / "env")


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "bridge", *arguments]


def _bridge(world: World, *arguments: str) -> None:
    """Runs one `bridge` command against the sandbox; its words go to our terminal."""
    done = subprocess.run(_command(*arguments), env={**os.environ, **world.environment()}, check=False)
    if done.returncode != 0:
        raise SandboxError(
            f"bridge {' '.join(arguments)} ended with {done.returncode}; see what it said above"
        )


def _worker(world: World, lane: str) -> Daemon:
    from bridge.sandbox.processes import Daemon

    return Daemon(f"worker-{lane}", world.home / "workers")


def _lane_and_place(world: World, lane: str) -> tuple[Daemon, str]:
    worker = _worker(world, lane)
    return worker, f"{_probes(worker)} (/metrics, /health/ready)"


def _start_lanes(world: World) -> None:
    """Starts the lanes that do not run, and returns when both say that they are ready."""
    from bridge.sandbox.processes import free_port

    environment = {**os.environ, **world.environment()}
    workers = {lane: _worker(world, lane) for lane in LANES}
    for lane, worker in workers.items():
        if worker.running() is None:
            port = str(free_port())  # last, where `_probes` finds it
            worker.launch(_command("worker", "--lane", lane, "--probes-port", port), environment=environment)
    for worker in workers.values():
        worker.wait_until(lambda worker=worker: _is_ready(worker), READY_SECONDS)  # type: ignore[misc]


def _probes(worker: Daemon) -> str:
    """`host:port` of a running worker's probes; nothing if it does not run."""
    process = worker.running()
    arguments = process.cmdline() if process else []
    return f"127.0.0.1:{arguments[-1]}" if arguments else ""


def _is_ready(worker: Daemon) -> bool:
    try:
        with urllib.request.urlopen(f"http://{_probes(worker)}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except SandboxError as error:
        typer.echo(f"bridge: {error}", err=True)
        raise typer.Exit(1) from error
