"""The Faust app every worker of ours is: settings that lose nothing, one way to start, one way to end.

Its end is the process's end: a crash or a stop that takes too long is cut short by the watchdog. It opens no
ledger and knows no message; those who join the parts hand it `Positions` and hang listeners on it.
"""

import asyncio
import gc
import ssl
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NoReturn

import faust
from aiokafka.errors import IllegalStateError
from faust.types import TP
from faust.types.auth import CredentialsT
from faust.types.transports import TransportT

from bridge.engine.batch import TopicPartition
from bridge.engine.lane import Lane
from bridge.engine.limits import EngineSettings
from bridge.engine.pins import check_pins
from bridge.engine.positions import Alarms, Positions
from bridge.engine.transport import LedgerTransport
from bridge.engine.watchdog import Watchdog
from bridge.errors import EngineError

#: Fetching has a thread of its own. With Python's 5 ms it waits that long while a turn computes, and the turn
#: for it; with less, records pass between the two sooner.
_SWITCH_S = 0.0005


class EngineApp(faust.App):
    """A Faust app on our transport. Made by `make_app`."""

    watchdog: Watchdog | None = None

    def __init__(self, group: str, lane: Lane, **options: Any) -> None:
        super().__init__(group, **options)
        self.lane = lane
        self._openings: list[Callable[[], Awaitable[None]]] = []
        self._closings: list[Callable[[], Awaitable[None]]] = []
        self._kept: list[Callable[[], Awaitable[None]]] = []

    def opens_with(self, work: Callable[[], Awaitable[None]]) -> None:
        """Await `work` before anything connects to Kafka: connections, caches."""
        self._openings.append(work)

    def closes_with(self, work: Callable[[], Awaitable[None]]) -> None:
        """Await `work` after all else has ended, last registered first; also when opening failed."""
        self._closings.append(work)

    def keeps(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` beside the listeners, from the opening to the stop. Its end is the worker's end."""

        async def kept() -> None:
            try:
                await work()
            except asyncio.CancelledError:
                if self.should_stop:
                    raise
            if not self.should_stop:
                raise EngineError(f"{name} has ended: restart the worker")

        self._kept.append(kept)

    def ends_of_logs(self) -> dict[TopicPartition, int]:
        """The offset after the last record of each partition that is read now, where a fetch has told it."""
        ends: dict[TopicPartition, int] = {}
        for each in self.lane.reading.assigned:
            with suppress(IllegalStateError):  # a rebalance has just taken it
                end = self.consumer.highwater(TP(*each))
                if end is not None:
                    ends[each] = end
        return ends

    async def on_start(self) -> None:
        await super().on_start()
        for work in self._openings:
            await work()
        for kept in self._kept:
            self.add_future(kept())

    async def on_shutdown(self) -> None:
        await super().on_shutdown()
        for work in reversed(self._closings):
            await work()

    async def stop(self) -> None:
        self._end_within(self.lane.settings.stop_s, "stopping took too long")
        await super().stop()

    def _crash(self, reason: BaseException) -> None:
        self._end_within(self.lane.settings.crash_s, "ending after a crash took too long")
        super()._crash(reason)

    def _end_within(self, seconds: float, reason: str) -> None:
        if self.watchdog is not None:
            self.watchdog.end_within(seconds, reason)

    def _new_transport(self) -> TransportT:
        transport = LedgerTransport(self.conf.broker_consumer, self)
        transport.lane = self.lane
        return transport

    def _create_directories(self) -> None:
        """No tables, so nothing to keep on disk."""


def make_app(
    *,
    group: str,
    bootstrap: str,
    positions: Positions,
    settings: EngineSettings | None = None,
    alarms: Alarms | None = None,
    ssl_context: ssl.SSLContext | None = None,
    credentials: CredentialsT | None = None,
) -> EngineApp:
    """An app for one worker of the lane whose consumer group is `group`.

    `bootstrap` is `host:port[,host:port]`. Raises EngineError when a library is not the pinned one.
    """
    check_pins()
    limits = settings or EngineSettings()
    return EngineApp(
        group,
        Lane(limits, positions, alarms or Alarms()),
        broker=";".join(f"kafka://{server.strip()}" for server in bootstrap.split(",")),
        broker_client_id=group,
        broker_credentials=credentials,
        ssl_context=ssl_context,
        broker_session_timeout=limits.session_s,
        broker_heartbeat_interval=limits.heartbeat_s,
        broker_rebalance_timeout=limits.rebalance_s,
        broker_max_poll_interval=limits.max_poll_s,
        broker_max_poll_records=limits.max_records,
        broker_request_timeout=limits.request_s,
        broker_commit_interval=limits.commit_every_s,
        consumer_auto_offset_reset="none",
        stream_buffer_maxsize=limits.buffer_batches,
        stream_wait_empty=True,
        producer_request_timeout=limits.request_s,
        table_standby_replicas=0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        worker_redirect_stdouts=False,
    )


def run(app: EngineApp) -> NoReturn:
    """Run the worker until SIGTERM, SIGINT or a failure, and exit: 0 after a signal, else not 0.

    Logging and stdout stay as they were set up.
    """
    sys.setswitchinterval(_SWITCH_S)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app.loop = loop
    app.watchdog = app.watchdog or Watchdog(blocked_s=app.lane.settings.blocked_s)
    app.watchdog.start(loop)
    worker = app.Worker(loop=loop, override_logging=False, redirect_stdouts=False, quiet=True)
    worker.spinner = None  # it writes to the terminal even when quiet
    gc.collect()
    gc.freeze()  # what was imported stays: going through it again and again held every call up for 50 ms
    worker.execute_from_commandline()
    raise SystemExit(0)
