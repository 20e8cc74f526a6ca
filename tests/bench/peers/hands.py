"""What both peers share with the bridge: the ledger, the verbs, the relay. Only the reading is their own."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.app.parts import open_ledger
from bridge.app.rules import rules_of
from bridge.app.ways_out import kafka_channel
from bridge.handling.callers import caller_hash
from bridge.handling.context import Addresses, Handling
from bridge.handling.fail_deliveries import fail_deliveries
from bridge.handling.relay import Relay
from bridge.metrics import new_metrics
from bridge.settings import Settings
from bridge.wire.frames import Frames


@asynccontextmanager
async def working_hands(settings: Settings, frames: Frames) -> AsyncIterator[Handling]:
    """Handling on an open ledger, with the bridge's own relay running beside the block."""
    rules = rules_of(settings)
    topics = settings.kafka.topics
    ledger = await open_ledger(settings, frames, worker="bench-peer")
    channels = {"kafka": kafka_channel(settings, frames)}
    metrics = new_metrics(lane=settings.worker.lane, destinations=[*rules.destinations, "911", "status"])
    relay = Relay(
        ledger,
        channels,
        metrics,
        lease=settings.worker.lease_seconds,
        sweep_seconds=settings.worker.sweep_milliseconds / 1000,
        failed=lambda closed: fail_deliveries(handling, closed),
    )
    handling = Handling(
        ledger=ledger,
        rules=lambda: rules,
        channels=channels,
        addresses=Addresses(topics.returns, topics.status, topics.quarantine, topics.signals),
        metrics=metrics,
        lease=settings.worker.lease_seconds,
        push=relay.push,
        retrying=lambda: None,
        caller_hash=caller_hash(settings.ledger.sealing_key()),
        lost_retry_seconds=settings.ledger.lost_retry_seconds,
    )
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # as the bridge does
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(relay.run())
        try:
            yield handling
        finally:
            sending.cancel()
            await ledger.close()
