"""A laptop's world: one Kafka and one PostgreSQL in one folder, started and stopped together.

`start()` leaves them running after this process; a world entered with `with` ends with it, even by SIGKILL.
"""

from __future__ import annotations

import base64
import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from bridge.errors import SandboxError
from bridge.sandbox.guard import Guard
from bridge.sandbox.jars import fetch_jars, jar_paths
from bridge.sandbox.kafka import Kafka
from bridge.sandbox.postgres import Postgres, Report, say

DATABASE = "bridge"


@dataclass
class World:
    """Kafka and PostgreSQL below `home`; the jars are below `cache`, which worlds may share."""

    home: Path
    cache: Path | None = None
    report: Report = say
    kafka: Kafka = field(init=False)
    postgres: Postgres = field(init=False)
    _guard: Guard | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.home = self.home.absolute()
        self.cache = (self.cache or self.home).absolute()
        self.kafka = Kafka(self.home / "kafka", jar_paths(self.cache))
        self.postgres = Postgres(self.home / "postgres", self.report)

    def start(self) -> None:
        """Starts what does not run yet, both at once, and makes the database and the key.

        What was started stays when this process ends. Raises SandboxError.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with _held(self.home / "lock"):
            _make_key(self._key)
            _together([self._start_kafka, self._start_postgres])

    def stop(self) -> None:
        """Stops both, whoever started them."""
        _together([self.kafka.stop, self.postgres.stop])

    def environment(self) -> dict[str, str]:
        """The variables that bring the bridge to these servers, and ask of one broker what one can keep."""
        return {
            "BRIDGE_KAFKA__BOOTSTRAP": self.kafka.bootstrap,
            "BRIDGE_KAFKA__REPLICATION": "1",
            "BRIDGE_KAFKA__MIN_INSYNC_REPLICAS": "1",
            "BRIDGE_LEDGER__DSN": self.postgres.dsn(DATABASE),
            "BRIDGE_LEDGER__KEY_FILE": str(self._key),
        }

    def __enter__(self) -> World:
        self._guard = Guard()
        self.kafka.guard_with(self._guard)
        self.postgres.guard_with(self._guard)
        try:
            self.start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def _key(self) -> Path:
        return self.home / "key"

    def _start_kafka(self) -> None:
        fetch_jars(self.cache or self.home, self.report)
        self.kafka.start()

    def _start_postgres(self) -> None:
        self.postgres.start()
        if not self.postgres.has_database(DATABASE):
            self.postgres.create_database(DATABASE)

    def _end(self) -> None:
        try:
            self.stop()
        finally:
            if self._guard is not None:
                self._guard.close()


@contextmanager
def passing_world(cache: Path, report: Report = say) -> Iterator[World]:
    """A new world below `cache/test` that is gone afterwards; clears away what killed runs left there."""
    worlds = cache.absolute() / "test"
    worlds.mkdir(parents=True, exist_ok=True)
    with ExitStack() as ours:
        with _held(worlds.with_name("test.lock")):  # nobody sweeps between our folder and our claim to it
            for left in worlds.iterdir():
                with suppress(BlockingIOError), _held(left / "owner", wait=False):
                    _remove(World(left, cache, report))
            home = worlds / uuid.uuid4().hex[:8]
            home.mkdir()
            ours.enter_context(_held(home / "owner"))
        world = World(home, cache, report)
        try:
            with world:
                yield world
        finally:
            _remove(world)


def _remove(world: World) -> None:
    world.kafka.kill()
    world.postgres.stop("immediate")
    shutil.rmtree(world.home, ignore_errors=True)


def _together(tasks: Sequence[Callable[[], None]]) -> None:
    """Runs `tasks` at the same time, waits for all, and raises the first error."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        work = [pool.submit(task) for task in tasks]
    for done in work:
        done.result()


@contextmanager
def _held(lock: Path, *, wait: bool = True) -> Iterator[None]:
    """Holds `lock` alone; the system lets go of it when the holder ends, in whatever way."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _make_key(path: Path) -> None:
    """A key-encryption key for this laptop alone: 32 random bytes in base64, for the owner's eyes."""
    if path.exists():
        return
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(os.urandom(32)) + b"\n")
    unfinished.rename(path)
    if path.stat().st_mode & 0o077:
        raise SandboxError(f"{path} can be read by others; put the sandbox on a disk that keeps permissions")
