"""The process of the HTTP API: the ledger by two pools, the rules, and a server.

It needs no Kafka: what it writes is sent by whoever sweeps, so that people can go on when Kafka is away.
"""

import asyncio
import os
import socket
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bridge import logs
from bridge.app.parts import frames_of, kafka_channel, key_ring, open_ledger
from bridge.app.reloading import Reloading
from bridge.app.rules import first_rules
from bridge.desk.api import Desk, make_api, the_app
from bridge.desk.description import text_of
from bridge.desk.door import Bounds
from bridge.desk.feeds import Waiting
from bridge.desk.limits import Limits, Rate
from bridge.desk.serving import Server
from bridge.engine import Probes
from bridge.errors import LedgerLostError
from bridge.handling.callers import caller_hash
from bridge.handling.context import Addresses, Handling
from bridge.handling.looking import Look
from bridge.handling.retrying import until_answered
from bridge.ledger.desk import forget_answers
from bridge.ledger.ledger import Ledger
from bridge.ledger.rows import LeasedMessage
from bridge.metrics import new_metrics
from bridge.settings import Settings

__all__ = ["api_text", "key_ring", "serve"]

_BEGIN_WITHIN = 8.0
_FORGET_EVERY = 3600.0


async def serve(settings: Settings) -> None:
    """Serve the HTTP API until SIGTERM."""
    frames, metrics = frames_of(settings), new_metrics(lane="desk", destinations=["911", "status"])
    reloading = Reloading(settings, first_rules(settings), metrics)
    name = f"desk-{socket.gethostname()}-{os.getpid()}"
    deeds = await open_ledger(settings, frames, worker=name)
    fewer = replace(
        settings, ledger=replace(settings.ledger, pool_size=max(2, settings.ledger.pool_size // 2))
    )
    looks = await open_ledger(fewer, frames, worker=f"{name}-looks")
    await until_answered(partial(reloading.begin, deeds), within=_BEGIN_WITHIN, lost=metrics.ledger_lost.add)
    topics = settings.kafka.topics

    def hands(ledger: Ledger) -> Handling:
        return Handling(
            ledger=ledger,
            rules=lambda: reloading.rules,
            channels={"kafka": kafka_channel(settings, frames)},
            addresses=Addresses(
                topics.returns, topics.status, topics.quarantine, topics.signals, topics.more_returns
            ),
            metrics=metrics,
            lease=None,
            push=_left_to_the_workers,
            retrying=lambda: None,
            caller_hash=caller_hash(settings.ledger.sealing_key()),
            lost_retry_seconds=settings.desk.answer_seconds / 2,
        )

    said = settings.desk
    waiting = Waiting(said.waiting_of_one, said.waiting_of_all)
    desk = Desk(hands(deeds), Look(hands(looks)), frames, waiting)
    limits = Limits(Rate(said.per_second, said.burst), Rate(said.urgent_per_second, said.urgent_burst))
    bounds = Bounds(said.body_bytes, said.read_seconds, said.answer_seconds)
    server = Server(make_api(desk, limits, bounds), waiting, host=said.host, port=said.port)
    probes = Probes(
        settings.worker.probes_host,
        0 if settings.worker.probes_port == 0 else settings.worker.probes_port + 2,
        exposition=metrics.exposition,
        live=lambda: (True, {}),
        ready=lambda: (True, {}),
        started=lambda: (True, {}),
    )
    probes.start()
    rounds = [
        asyncio.create_task(reloading.run(deeds)),
        asyncio.create_task(_forget(looks, said.answers_kept_hours)),
    ]
    try:
        await server.run(lambda: logs.logger().info("desk.started", port=server.port))
    finally:
        for task in rounds:
            task.cancel()
        await deeds.close()
        await looks.close()


def api_text() -> str:
    """The description of the HTTP API, as its file has it."""
    return text_of(the_app(None))


async def _left_to_the_workers(messages: Sequence[LeasedMessage], asked_at: float) -> None:
    """A desk leases nothing, so that there is nothing to send."""


async def _forget(ledger: Ledger, hours: float) -> None:
    while True:
        try:
            await forget_answers(ledger, hours)
        except LedgerLostError:
            logs.logger().warning("ledger.lost")
        await asyncio.sleep(_FORGET_EVERY)
