"""Faust as it is shipped and as its manual begins: one event at a time, its own consumer and commits.

Decoding, decision and ledger are the bridge's. It shows what the transport of our own is for.
"""

from contextlib import AsyncExitStack
from typing import Any

import faust
from aiokafka import ConsumerRecord
from faust.types import EventT

from bridge.agents.cad_events import reader
from bridge.app.parts import frames_of
from bridge.engine.batch import Record
from bridge.handling.context import Handling
from bridge.handling.record_cad_events import record_cad_events
from bridge.settings import load
from tests.bench.peers.hands import working_hands

SETTINGS = load()
FRAMES = frames_of(SETTINGS)
DECODE = reader(FRAMES)


class PlainApp(faust.App):
    """Opens the ledger before its agent hears anything."""

    handling: Handling

    async def on_start(self) -> None:
        await super().on_start()
        self._stack = AsyncExitStack()
        self.handling = await self._stack.enter_async_context(working_hands(SETTINGS, FRAMES))

    def _create_directories(self) -> None:
        """No tables, so nothing to keep on disk."""


app = PlainApp(
    SETTINGS.worker.consumer_group,
    broker=[f"kafka://{server}" for server in SETTINGS.kafka.bootstrap],
    consumer_auto_offset_reset="earliest",
    topic_allow_declare=False,
    topic_disable_leader=True,
    web_enabled=False,
    worker_redirect_stdouts=False,
)


@app.agent(app.topic(SETTINGS.kafka.topics.cad_events, value_type=bytes, value_serializer="raw"))
async def hear(stream: Any) -> None:
    """Record each event by itself."""
    async for event in stream.events():
        record = _record(event)
        positions = {(record.topic, record.partition): record.offset + 1}
        await record_cad_events(app.handling, [DECODE(record)], positions)


def _record(event: EventT[bytes]) -> Record:
    message = event.message
    return ConsumerRecord(
        message.topic,
        message.partition,
        message.offset,
        round(message.timestamp * 1000),
        message.timestamp_type,
        message.key,
        event.value,
        None,
        0,
        len(event.value),
        (),
    )


if __name__ == "__main__":
    worker = app.Worker(override_logging=False, redirect_stdouts=False, quiet=True)
    worker.spinner = None
    worker.execute_from_commandline()
