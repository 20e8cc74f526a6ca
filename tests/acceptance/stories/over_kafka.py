"""How people of a story speak and hear by Kafka: signals on a topic, and what leaves for everybody."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer

from bridge.domain.ids import NINE_ONE_ONE
from bridge.domain.message import Offer, Return
from bridge.domain.signal import Signal, Speaker
from bridge.sandbox.ends import Writer
from bridge.wire import offers, returns, signals
from bridge.wire.cloudevents import CloudEvent
from tests.faults.ground import Ground

Message = Offer | Return
Looked = Callable[[Message], bool]


def is_for(who: str, message: Message) -> bool:
    """Whether a message went to 911, or to this destination."""
    if who == NINE_ONE_ONE:
        return isinstance(message, Return)
    return isinstance(message, Offer) and message.destination == who


@dataclass
class OverKafka:
    """Everybody's way by Kafka, and all that was heard there."""

    ground: Ground
    writer: Writer
    heard: list[Message] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def says(self, signal: Signal, refused: str) -> str:
        """Send it, and answer the id under which the audit keeps it. Whether it is refused is told later."""
        by_911 = signal.speaker is Speaker.NINE_ONE_ONE
        about = CloudEvent(
            id=signal.signal_id,
            source=str(signal.agency) if by_911 else signal.speaker_id,
            type="org.bridge911.signal",
            subject=signal.incident_id,
            time=signal.said_at,
            partition_key=signal.incident_id,
        )
        content = signals.encode(self.ground.frames, signal)
        await self.writer.say(self.ground.topics.signals, content, about)
        return signal.signal_id

    async def hears(self, who: str, wanted: Looked, within_s: float) -> Message:
        """The first message to `who` that is wanted, waited for."""

        def found() -> Message | None:
            return next((each for each in self.heard if is_for(who, each) and wanted(each)), None)

        async with asyncio.timeout(within_s), self.news:
            await self.news.wait_for(lambda: found() is not None)
        message = found()
        assert message is not None
        return message

    async def listen(self, reader: AIOKafkaConsumer) -> None:
        """Hear everything that leaves for 911 and for the destinations, until it is cancelled."""
        async for record in reader:
            of_911 = record.topic == self.ground.topics.returns
            decode = returns.decode if of_911 else offers.decode
            async with self.news:
                self.heard.append(decode(self.ground.frames, record.value))
                self.news.notify_all()
