"""A real ledger full of calls that wait, written by the verb that records CAD events."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from bridge.app.parts import frames_of, open_ledger
from bridge.app.rules import rules_of
from bridge.app.ways_out import kafka_channel
from bridge.domain.cad import CallType
from bridge.domain.record import InboxRecord, Place
from bridge.handling.callers import caller_hash
from bridge.handling.context import Addresses, Handling
from bridge.handling.record_cad_events import CadRecord, record_cad_events
from bridge.metrics import new_metrics
from bridge.settings import Settings
from tests.bench.ground import Ground
from tests.bench.load import KEPT_EVERY, an_event

_AT_A_TIME = 500


async def fill(ground: Ground, waiting: int) -> None:
    """So many calls that are offered and wait, every second one with another destination to ask next."""
    async with _hands(ground.settings) as handling:
        for first in range(0, waiting, _AT_A_TIME):
            records = [_record(number) for number in range(first, min(first + _AT_A_TIME, waiting))]
            await record_cad_events(handling, records, {})


@asynccontextmanager
async def _hands(settings: Settings) -> AsyncIterator[Handling]:
    """A worker's hands that send nothing."""

    async def push(*_: object) -> None:
        return None

    frames, topics = frames_of(settings), settings.kafka.topics
    ledger = await open_ledger(settings, frames, worker="fill")
    rules = rules_of(settings)
    try:
        yield Handling(
            ledger=ledger,
            rules=lambda: rules,
            channels={"kafka": kafka_channel(settings, frames)},
            addresses=Addresses(topics.returns, topics.status, topics.quarantine, topics.signals),
            metrics=new_metrics(),
            lease=None,
            push=push,
            retrying=lambda: None,
            caller_hash=caller_hash(settings.ledger.sealing_key()),
        )
    finally:
        await ledger.close()


def _record(number: int) -> CadRecord:
    """A calm call; every second one of a type that has another destination, which is asked next."""
    calm = number + number // (KEPT_EVERY - 1) + 1
    event = an_event(calm)
    if number % 2:
        event = replace(event, call_type=CallType("PH", "PANHANDLER"))
    place = Place("filled", 0, number, datetime.now(UTC))
    key = f"{event.agency}/{event.event_id}"
    return CadRecord(InboxRecord(place, key, hashlib.sha256(key.encode()).digest()), event, b"")
