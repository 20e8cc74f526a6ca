"""A simulated hotline: reads its own topic of offers, answers with signals.

What a real hotline's system must do is here in small: commit after the work, know a message again by
its id, take a transfer's messages in the order of their sequence, give each signal an id that a repeat
keeps. Only the memory is not to be copied: a real system stores a message before it commits.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bridge.domain.cad import CadEvent
from bridge.domain.ids import AgencyId, DestinationId, MessageId, SignalId, TransferId
from bridge.domain.message import Offer, OfferKind
from bridge.domain.signal import Signal, Speaker
from bridge.errors import UndecodableError
from bridge.sandbox.behaviour import Behaviour, Line
from bridge.sandbox.calls import OwnCall
from bridge.sandbox.ends import Writer, ends
from bridge.settings.kafka import Kafka
from bridge.wire import offers, signals
from bridge.wire.cloudevents import CloudEvent
from bridge.wire.frames import Frames

URGENT = frozenset({OfferKind.DANGER, OfferKind.WITHDRAWN, OfferKind.REFUSED, OfferKind.ENDED})
"""What must be known at once, even when an earlier message is still missing."""


def _unwatched(_: Offer | Signal) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Hotline:
    """One hotline. `behaviour` may be changed while it runs; what it began to say goes on.

    `heard` holds every message in the order it came, repeats included; `said` every signal Kafka has.
    `watch` is called for both, as they happen; `runs` is set once it listens. At `speed` 10 everything
    happens ten times as fast.
    """

    destination: DestinationId
    topic: str
    kafka: Kafka
    frames: Frames
    behaviour: Behaviour = field(default_factory=Behaviour)
    speed: float = 1.0
    watch: Callable[[Offer | Signal], None] = _unwatched
    heard: list[Offer] = field(default_factory=list)
    said: list[Signal] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    runs: asyncio.Event = field(default_factory=asyncio.Event)
    _writer: Writer | None = None
    _known: set[MessageId] = field(default_factory=set)
    _next: dict[TransferId, int] = field(default_factory=dict)
    _early: dict[tuple[TransferId, int], Offer] = field(default_factory=dict)
    _speaking: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Hears and answers until it is cancelled; ends with an error when Kafka can no longer be used."""
        async with (
            ends(self.kafka, self.topic, f"sandbox.{self.destination}") as (reader, writer),
            asyncio.TaskGroup() as speakers,
        ):
            self._writer = writer
            self.runs.set()
            async for record in reader:
                for message in self.hear(record.value):
                    self._answer(message, speakers)
                await reader.commit()

    def hear(self, value: bytes | None) -> list[Offer]:
        """The messages to work on now: new ones, each after all that came before it, urgent ones at once.

        What has no number is outside the order. A message that cannot be read is noted and left out.
        """
        try:
            message = offers.decode(self.frames, value)
        except UndecodableError as error:
            self.unreadable.append(error.reason)
            return []
        self.heard.append(message)
        self.watch(message)
        if message.message_id in self._known:
            return []
        self._known.add(message.message_id)
        if not message.sequence:
            return [message]
        transfer = message.transfer_id
        self._early[transfer, message.sequence] = message
        ready = [message] if message.kind in URGENT else []
        while following := self._early.pop((transfer, self._next.get(transfer, 1)), None):
            ready += [following] if following.kind not in URGENT else []
            self._next[transfer] = following.sequence + 1
        return ready

    def _answer(self, message: Offer, speakers: asyncio.TaskGroup) -> None:
        lines = self.behaviour.reply(message)
        if lines is None:
            return
        about = message.transfer_id or message.subject
        if earlier := self._speaking.pop(about, None):
            earlier.cancel()
        if lines:
            speech = self._speak(lines, message)
            self._speaking[about] = speakers.create_task(speech)

    async def _speak(self, lines: tuple[Line, ...], message: Offer) -> None:
        at = message.sent_at
        for number, line in enumerate(lines, start=1):
            await asyncio.sleep(line.after / self.speed)
            at += timedelta(seconds=line.after / self.speed)
            signal = self._signal(line, number, message, at)
            await self._say(signal, message.answer_topic or self.kafka.topics.signals, line.times)

    async def begin(self, call: OwnCall, opened: CadEvent | None, agency: AgencyId) -> None:
        """Says what it has to say of its own accord, from now on; `opened` is the call that it opens so.

        The incident's number is the hotline's own. RuntimeError when it does not run.
        """
        for number, saying in enumerate(call.says, start=1):
            await asyncio.sleep(saying.after / self.speed)
            said = Signal(
                signal_id=SignalId(f"{self.destination}/{call.incident or call.start}/{number}"),
                transfer_id=TransferId(""),
                incident_id=call.incident,
                agency=agency,
                kind=saying.says,
                speaker=Speaker.DESTINATION,
                speaker_id=self.destination,
                said_at=datetime.now(UTC),
                reason=saying.reason,
                call=opened if number == 1 else None,
                state=saying.state,
                rescue=saying.rescue,
            )
            await self._say(said, self.kafka.topics.signals)

    async def _say(self, signal: Signal, topic: str, times: int = 1) -> None:
        about = CloudEvent(
            id=signal.signal_id,
            source=self.destination,
            type="org.bridge911.signal",
            subject=signal.incident_id or self.destination,
            time=signal.said_at,
            partition_key=signal.incident_id or self.destination,
        )
        if self._writer is None:
            raise RuntimeError("a hotline speaks while it runs")
        for _ in range(times):
            await self._writer.say(topic, signals.encode(self.frames, signal), about)
        self.said.append(signal)
        self.watch(signal)

    def _signal(self, line: Line, number: int, message: Offer, at: datetime) -> Signal:
        """The same message, the same signal to the byte: said again after a restart it is a repeat."""
        return Signal(
            signal_id=SignalId(f"{message.message_id}/{number}"),
            transfer_id=message.transfer_id,
            incident_id=message.incident_id,
            agency=message.agency,
            kind=line.kind,
            speaker=Speaker.DESTINATION,
            speaker_id=self.destination,
            said_at=at,
            reason=line.reason,
            text=line.text,
            outcome=line.outcome,
            return_to=line.return_to,
            prefers=line.prefers,
            subject=line.subject,
            learnt=line.learnt,
        )
