"""The process of the HTTP API: the ledger by two pools, the rules, a server, and probes in a thread.

It needs no Kafka: what it writes is sent by whoever sweeps, so that people can go on when Kafka is away. It
ends whenever one of its rounds does, and when its loop stands still.
"""

import asyncio
import gc
import os
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import NoReturn

import uvloop

from bridge import logs
from bridge.app.parts import frames_of, open_ledger
from bridge.app.reloading import Reloading
from bridge.app.rules import first_rules
from bridge.app.ways_out import kafka_channel
from bridge.desk.api import Desk, make_api, the_app
from bridge.desk.description import text_of
from bridge.desk.door import Bounds
from bridge.desk.feeds import Waiting
from bridge.desk.limits import Limits, Rate
from bridge.desk.serving import FINISH_SECONDS, Server
from bridge.engine.probes import Health, Probes
from bridge.engine.watchdog import Watchdog
from bridge.errors import LedgerLostError
from bridge.handling.callers import caller_hash
from bridge.handling.context import Addresses, Handling
from bridge.handling.looking import Look
from bridge.handling.retrying import until_answered
from bridge.ledger.deeds import EVERY_DEED, EVERY_LOOK
from bridge.ledger.desk import forget_answers, is_writable
from bridge.ledger.ledger import Ledger
from bridge.ledger.rows import LeasedMessage
from bridge.metrics import new_metrics
from bridge.settings import Settings

_BEGIN_WITHIN = 8.0
_FORGET_EVERY = 3600.0
_LOOK_EVERY = 0.5
_WRITABLE_FOR = 3.0
_END_WITHIN = FINISH_SECONDS + 5.0


def serve(settings: Settings, probes_port: int | None = None) -> None:
    """Serve the HTTP API until SIGTERM: then nothing new is taken, and whoever asked is answered."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(DeskProcess(settings, probes_port).run())


class DeskProcess:
    """One desk, from settings. `run` ends with an error when one of its rounds does.

    Probes are served at `probes_port`, or else two ports above a worker's.
    """

    def __init__(self, settings: Settings, probes_port: int | None = None) -> None:
        logs.logger()  # brings structlog now, not with the first line in the loop
        self.settings = settings
        self.name = f"desk-{socket.gethostname()}-{os.getpid()}"
        self.frames = frames_of(settings)
        self.metrics = new_metrics(lane="desk", destinations=["911", "status"])
        self.reloading = Reloading(settings, first_rules(settings), self.metrics)
        self.watchdog = Watchdog(blocked_s=settings.worker.watchdog_seconds)
        self.server: Server | None = None
        self._ledger_writable = float("-inf")
        usual = settings.worker.probes_port + 2 if settings.worker.probes_port else 0
        self.probes = Probes(
            settings.worker.probes_host,
            usual if probes_port is None else probes_port,
            exposition=self.metrics.exposition,
            live=self._live,
            ready=self._ready,
            started=lambda: (self.server is not None, {}),
        )

    async def run(self) -> None:
        """Everything, from the ledger's first answer to the last request's."""
        self.watchdog.start(asyncio.get_running_loop())
        self.probes.start()
        deeds = await open_ledger(self.settings, self.frames, worker=self.name, warmed=EVERY_DEED)
        looks = await open_ledger(
            self._with_fewer(), self.frames, worker=f"{self.name}-looks", warmed=EVERY_LOOK
        )
        try:
            await self._begin(deeds)
            await self._serve(deeds, looks)
        finally:
            await deeds.close()
            await looks.close()
            self.watchdog.stop()

    async def _begin(self, deeds: Ledger) -> None:
        begins = partial(self.reloading.begin, deeds)
        await until_answered(begins, within=_BEGIN_WITHIN, lost=self.metrics.ledger_lost.add)

    async def _serve(self, deeds: Ledger, looks: Ledger) -> None:
        said = self.settings.desk
        waiting = Waiting(said.waiting_of_one, said.waiting_of_all)
        desk = Desk(self._hands(deeds), Look(self._hands(looks)), self.frames, waiting)
        limits = Limits(Rate(said.per_second, said.burst), Rate(said.urgent_per_second, said.urgent_burst))
        half = max(1, self.settings.ledger.pool_size // 2)
        bounds = Bounds(said.body_bytes, said.read_seconds, said.answer_seconds, half)
        # Beside the loop: on a busy machine it takes longer than the watchdog lets the loop stand still.
        api = await asyncio.to_thread(make_api, desk, limits, bounds)
        self.server = server = Server(api, waiting, host=said.host, port=said.port)
        gc.collect()
        gc.freeze()  # what was made until now stays: going through it again and again holds everybody up
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        loop.add_signal_handler(signal.SIGHUP, self.reloading.look_now)
        serving = asyncio.create_task(
            server.run(lambda: logs.logger().info("desk.started", port=server.port))
        )
        rounds = {
            asyncio.create_task(self.reloading.run(deeds)),
            asyncio.create_task(self._look_at_the_ledger(deeds)),
            asyncio.create_task(_forget(looks, said.answers_kept_hours)),
        }
        try:
            await asyncio.wait({serving, *rounds}, return_when=asyncio.FIRST_COMPLETED)
            self._end()
            await serving
            for ended in rounds:
                if ended.done():
                    ended.result()
        finally:
            for task in rounds:
                task.cancel()

    def _end(self) -> None:
        """Take nothing new; readiness says so at once, and the process is over soon."""
        assert self.server is not None, "it serves"
        self.server.end()
        self.watchdog.end_within(_END_WITHIN, "the last requests took too long")

    def _with_fewer(self) -> Settings:
        """Looks have half of the connections."""
        size = max(2, self.settings.ledger.pool_size // 2)
        return replace(self.settings, ledger=replace(self.settings.ledger, pool_size=size))

    def _hands(self, ledger: Ledger) -> Handling:
        settings, topics = self.settings, self.settings.kafka.topics
        return Handling(
            ledger=ledger,
            rules=lambda: self.reloading.rules,
            channels={"kafka": kafka_channel(settings, self.frames)},
            addresses=Addresses(
                topics.returns, topics.status, topics.quarantine, topics.signals, topics.more_returns
            ),
            metrics=self.metrics,
            lease=None,
            push=_left_to_the_workers,
            retrying=lambda: None,
            caller_hash=caller_hash(settings.ledger.sealing_key()),
            lost_retry_seconds=settings.desk.answer_seconds / 2,
        )

    async def _look_at_the_ledger(self, ledger: Ledger) -> NoReturn:
        """Ask on the connections of deeds whether one could be written."""
        while True:
            try:
                if await is_writable(ledger):
                    self._ledger_writable = time.monotonic()
            except LedgerLostError:
                self.metrics.ledger_lost.add()
            self.metrics.loop_beat.set(time.time())
            await asyncio.sleep(_LOOK_EVERY)

    def _live(self) -> Health:
        return self.watchdog.alive, {"loop_silent_seconds": f"{self.watchdog.silent_s:.1f}"}

    def _ready(self) -> Health:
        """Serving, not about to end, and with a ledger that could be written to just now."""
        serving = self.server is not None and not self.server.ending
        writable = time.monotonic() - self._ledger_writable < _WRITABLE_FOR
        said = {
            "server": "serving" if serving else "not serving",
            "ledger": "writable" if writable else "not writable",
        }
        return serving and writable, said


def api_text() -> str:
    """The description of the HTTP API, as its file has it."""
    return text_of(the_app(None))


async def _left_to_the_workers(messages: Sequence[LeasedMessage], asked_at: float) -> None:
    """A desk leases nothing, so that there is nothing to send."""


async def _forget(ledger: Ledger, hours: float) -> NoReturn:
    while True:
        try:
            await forget_answers(ledger, hours)
        except LedgerLostError:
            logs.logger().warning("ledger.lost")
        await asyncio.sleep(_FORGET_EVERY)
