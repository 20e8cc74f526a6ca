"""`bridge sandbox up | down | status`: Kafka, PostgreSQL, two lanes and a desk in the background of a laptop.

Everything is below one folder, `.bridge` of the checkout. Needs the extra `local`, and so imports it late.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.errors import SandboxError

if TYPE_CHECKING:
    from bridge.cli.own_processes import Service
    from bridge.sandbox.processes import Daemon
    from bridge.sandbox.world import World

app = typer.Typer(
    help="Kafka, PostgreSQL, two worker lanes and a desk on this machine.", no_args_is_help=True
)


def default_home() -> Path:
    """`.bridge` of the checkout we run from; of the current folder if we were installed from a package."""
    checkout = Path(__file__).resolve().parents[2]
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / ".bridge"


Home = Annotated[Path, typer.Option(help="The folder that holds everything.", default_factory=default_home)]


@app.command()
def up(home: Home) -> None:
    """Start Kafka and PostgreSQL, migrate, make the topics, start worker lanes a and b and a desk."""
    with _told_plainly():
        world = _world(home)
        from bridge.cli.own_processes import start

        typer.echo(f"starting Kafka and PostgreSQL in {world.home}", err=True)
        world.start()
        _write_environment(world)
        for verb in ("migrate", "topics"):
            _bridge(world, verb)
        start(world, _services(), world.environment())
        status(home)
        typer.echo(f"the way there, as variables: {world.home / 'env'}")


@app.command()
def down(home: Home) -> None:
    """Stop the desk and the worker lanes, then Kafka and PostgreSQL. What they stored stays."""
    with _told_plainly():
        world = _world(home)
        from bridge.cli.own_processes import stop

        stop(world, _services())
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
        lines = [*places, *((each.daemon(world), _place(world, each)) for each in _services())]
        for daemon, place in lines:
            typer.echo(_describe(daemon, place))
        if not all(daemon.running() for daemon, _ in lines):
            raise typer.Exit(3)


def _services() -> tuple[Service, ...]:
    """Two lanes and a desk."""
    from bridge.cli.own_processes import DESK, lane

    return (lane("a"), lane("b"), DESK)


def _place(world: World, service: Service) -> str:
    serves = service.address(world, "--port")
    api = f"http://{serves}/v1 (the API), " if serves else ""
    return f"{api}{service.address(world)} (/metrics, /health/ready)"


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


def _bridge(world: World, *arguments: str) -> None:
    """Runs one `bridge` command against the sandbox; its words go to our terminal."""
    from bridge.cli.own_processes import command

    done = subprocess.run(command(*arguments), env={**os.environ, **world.environment()}, check=False)
    if done.returncode != 0:
        raise SandboxError(
            f"bridge {' '.join(arguments)} ended with {done.returncode}; see what it said above"
        )


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except SandboxError as error:
        typer.echo(f"bridge: {error}", err=True)
        raise typer.Exit(1) from error
