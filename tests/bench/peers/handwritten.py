"""The loop an experienced hand would write over bare aiokafka: read, decode, record, go on.

Positions are the ledger's, as the bridge's are, so that it loses nothing and commits nothing. It has no
watchdog, no probes, no signals and no sweep of deadlines: whoever wants to run it must write those too.
"""

import asyncio

from aiokafka import AIOKafkaConsumer

from bridge.agents.cad_events import reader
from bridge.app.parts import frames_of
from bridge.handling.context import Handling
from bridge.handling.record_cad_events import record_cad_events
from bridge.settings import Settings, connection, load
from bridge.wire.frames import Frames
from tests.bench.peers.hands import working_hands

MOST = 500


async def read(settings: Settings, frames: Frames, handling: Handling) -> None:
    """Every record of `cad.events`, for ever."""
    decode = reader(frames)
    consumer = AIOKafkaConsumer(  # type: ignore[no-untyped-call]
        settings.kafka.topics.cad_events,
        **connection(settings.kafka),
        group_id=settings.worker.consumer_group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
    )
    await consumer.start()  # type: ignore[no-untyped-call]
    positions = await handling.ledger.positions([(tp.topic, tp.partition) for tp in consumer.assignment()])  # type: ignore[no-untyped-call]
    for tp in consumer.assignment():  # type: ignore[no-untyped-call]
        if (tp.topic, tp.partition) in positions:
            consumer.seek(tp, positions[tp.topic, tp.partition])  # type: ignore[no-untyped-call]
    while True:
        fetched = await consumer.getmany(timeout_ms=1000, max_records=MOST)
        if fetched:
            await record_cad_events(
                handling,
                [decode(record) for records in fetched.values() for record in records],
                {(tp.topic, tp.partition): records[-1].offset + 1 for tp, records in fetched.items()},
            )


async def main() -> None:
    """Run until killed."""
    settings = load()
    frames = frames_of(settings)
    async with working_hands(settings, frames) as handling:
        await read(settings, frames, handling)


if __name__ == "__main__":
    asyncio.run(main())
