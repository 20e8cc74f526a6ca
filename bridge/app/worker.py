"""A worker is one lane's process: listeners on CAD and signals, the relay, the rounds that end waits, and
probes in a thread. It ends whenever one of them does.
"""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from faust.auth import SASLCredentials
from faust.types.auth import CredentialsT, SASLMechanism

from bridge import logs
from bridge.agents import cad_events, rounds, signals
from bridge.app.parts import frames_of, open_ledger
from bridge.app.reloading import Reloading
from bridge.app.rules import first_rules
from bridge.app.ways_out import kafka_channel
from bridge.channels.contract import Channel
from bridge.engine.app import EngineApp, make_app
from bridge.engine.batch import Batch, TopicPartition
from bridge.engine.limits import EngineSettings
from bridge.engine.listen import Listener, listen
from bridge.engine.positions import Alarms
from bridge.engine.probes import Health, Probes
from bridge.engine.progress import Progress
from bridge.engine.watchdog import Watchdog
from bridge.handling.callers import caller_hash
from bridge.handling.context import Addresses, Handling
from bridge.handling.fail_deliveries import fail_deliveries
from bridge.handling.relay import Relay
from bridge.handling.retrying import until_answered
from bridge.ledger.ledger import Ledger
from bridge.metrics import Metrics, new_metrics
from bridge.settings import Settings, connection

_GAUGES_EVERY = 5.0
_WRITABLE_FOR = 3.0
_HEARD_WITHIN = 10.0
_POSITIONS_WITHIN = 8.0


class Worker:
    """One lane's process, from settings. `engine` is what runs."""

    def __init__(self, settings: Settings) -> None:
        logs.logger()  # brings structlog now, not with the first line in the loop
        self.settings = settings
        self.name = f"{settings.worker.lane}-{socket.gethostname()}-{os.getpid()}"
        self.frames = frames_of(settings)
        self.metrics: Metrics = new_metrics(lane=settings.worker.lane, destinations=["911", "status"])
        self.reloading = Reloading(settings, first_rules(settings), self.metrics)
        self.channels: Mapping[str, Channel] = {"kafka": kafka_channel(settings, self.frames)}
        self.progress = Progress(
            stall_s=settings.worker.stall_seconds, retry_s=settings.ledger.lost_retry_seconds + 10
        )
        self._ledger_written = float("-inf")
        self.ledger: Ledger | None = None
        self.handling: Handling | None = None
        self.relay: Relay | None = None
        self.engine = self._engine()
        self.listeners = self._listeners()
        self.watchdog = Watchdog(blocked_s=settings.worker.watchdog_seconds)
        self.engine.watchdog = self.watchdog
        self.probes = Probes(
            settings.worker.probes_host,
            settings.worker.probes_port,
            exposition=self.metrics.exposition,
            live=self._live,
            ready=self._ready,
            started=self._started,
        )

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int | None]:
        """The ledger's positions of this lane; None where it has never read."""
        known = await until_answered(
            partial(self._ledger().positions, partitions),
            within=_POSITIONS_WITHIN,
            lost=self.metrics.ledger_lost.add,
        )
        return {partition: known.get(partition) for partition in partitions}

    def _engine(self) -> EngineApp:
        settings = self.settings
        kafka = connection(settings.kafka)
        engine = make_app(
            group=settings.worker.consumer_group,
            bootstrap=",".join(settings.kafka.bootstrap),
            positions=self,
            # Batches of half a turn, so that the short last one of a fetch leaves no turn half empty.
            settings=EngineSettings(max_records=max(1, settings.worker.turn_limit // 2)),
            alarms=Alarms(out_of_range=self._out_of_range, group_ahead=self._group_ahead),
            ssl_context=kafka["ssl_context"],
            credentials=_credentials(settings),
        )
        engine.opens_with(self._open)
        engine.closes_with(self._close)
        engine.keeps("the relay", self._relay_forever)
        engine.keeps("the rounds", self._sweep_forever)
        engine.keeps("the gauges", self._gauges_forever)
        engine.keeps("the look at the rules", self._reload_forever)
        return engine

    def _listeners(self) -> tuple[Listener[cad_events.Read], Listener[signals.Read]]:
        topics, limit = self.settings.kafka.topics, self.settings.worker.turn_limit
        return (
            listen(
                self.engine,
                topics.cad_events,
                decode=cad_events.reader(self.frames),
                turn=self._cad_turn,
                limit=limit,
                progress=self.progress,
            ),
            listen(
                self.engine,
                topics.signals,
                decode=signals.reader(self.frames),
                turn=self._signal_turn,
                limit=limit,
                progress=self.progress,
            ),
        )

    async def _cad_turn(self, batches: Sequence[Batch[cad_events.Read]]) -> None:
        await cad_events.turn(self._handling(), batches)

    async def _signal_turn(self, batches: Sequence[Batch[signals.Read]]) -> None:
        await signals.turn(self._handling(), batches)

    async def _open(self) -> None:
        settings, topics = self.settings, self.settings.kafka.topics
        self.ledger = await open_ledger(settings, self.frames, worker=self.name)
        await until_answered(
            partial(self.reloading.begin, self.ledger),
            within=_POSITIONS_WITHIN,
            lost=self.metrics.ledger_lost.add,
        )
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.reloading.look_now)
        self.relay = Relay(
            self.ledger,
            self.channels,
            self.metrics,
            lease=settings.worker.lease_seconds,
            sweep_seconds=settings.worker.sweep_milliseconds / 1000,
            failed=lambda closed: fail_deliveries(self._handling(), closed),
        )
        self.handling = Handling(
            ledger=self.ledger,
            rules=lambda: self.reloading.rules,
            channels=self.channels,
            addresses=Addresses(
                topics.returns, topics.status, topics.quarantine, topics.signals, topics.more_returns
            ),
            metrics=self.metrics,
            lease=settings.worker.lease_seconds,
            push=self.relay.push,
            retrying=self.progress.retrying,
            caller_hash=caller_hash(settings.ledger.sealing_key()),
            lost_retry_seconds=settings.ledger.lost_retry_seconds,
        )
        self.probes.start()
        logs.logger().info("worker.started", lane=settings.worker.lane, port=self.probes.port)

    async def _close(self) -> None:
        for channel in self.channels.values():
            await channel.close()
        if self.ledger is not None:
            await self.ledger.close()

    async def _relay_forever(self) -> None:
        assert self.relay is not None, "opened before it runs"
        await self.relay.run()

    async def _sweep_forever(self) -> None:
        every = self.settings.worker.sweep_milliseconds / 1000
        await rounds.sweep_forever(self._handling(), every=every, written=self._written)

    def _written(self) -> None:
        self._ledger_written = time.monotonic()

    async def _reload_forever(self) -> None:
        await self.reloading.run(self._ledger())

    async def _gauges_forever(self) -> None:
        while True:
            await rounds.show_gauges(self._handling())
            oldest = self.listeners[0].oldest_ms
            self.metrics.oldest_undecided_event.set(0 if oldest is None else oldest / 1000)
            self.metrics.partitions_stopped.set(len(self.engine.lane.reading.out_of_range))
            await rounds.show_lag(self._handling(), self.engine.ends_of_logs())
            await asyncio.sleep(_GAUGES_EVERY)

    def _handling(self) -> Handling:
        assert self.handling is not None, "opened before it listens"
        return self.handling

    def _ledger(self) -> Ledger:
        assert self.ledger is not None, "opened before it listens"
        return self.ledger

    def _out_of_range(self, partition: TopicPartition, offset: int) -> None:
        logs.logger().error(
            "partition.out_of_range", topic=partition[0], partition=partition[1], offset=offset
        )

    def _group_ahead(self, partition: TopicPartition, ledger: int, group: int) -> None:
        self.metrics.group_ahead.add()
        self.metrics.seek_backs.add()
        logs.logger().error("group.ahead", topic=partition[0], partition=partition[1], offset=ledger)

    def _live(self) -> Health:
        return self.watchdog.alive, {"loop_silent_seconds": f"{self.watchdog.silent_s:.1f}"}

    def _ready(self) -> Health:
        """Assigned, positions known, hearing from Kafka, and a ledger that was written to just now."""
        reading = self.engine.lane.reading
        heard = reading.heard_ms is not None and time.time() - reading.heard_ms / 1000 < _HEARD_WITHIN
        writable = time.monotonic() - self._ledger_written < _WRITABLE_FOR
        said = {
            "partitions": str(len(reading.assigned)),
            "kafka": "heard" if heard else "not heard",
            "ledger": "writable" if writable else "not writable",
        }
        return reading.ready and heard and writable, said

    def _started(self) -> Health:
        return self.handling is not None, {}


def _credentials(settings: Settings) -> CredentialsT | None:
    """How Faust signs in where a SASL protocol is set; certificates are in the SSL context."""
    kafka = settings.kafka
    if not kafka.security_protocol.startswith("SASL"):
        return None
    return SASLCredentials(
        username=kafka.username,
        password=kafka.password,
        mechanism=SASLMechanism(kafka.sasl_mechanism or "PLAIN"),
        ssl_context=connection(kafka)["ssl_context"],
    )
