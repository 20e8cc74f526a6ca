"""A CAD that replays: it sends CAD events at their times and plays the call taker who hears of them.

It sends as a real CAD's gateway should: one key per incident, an idempotent producer, every record
waited for. Knows nothing of policies: it does what its cues say when `cad.returns` speaks.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bridge.domain.cad import CadEvent
from bridge.domain.decision import Verdict
from bridge.domain.ids import IncidentId, MessageId, SignalId, TransferId
from bridge.domain.message import Return, ReturnKind
from bridge.domain.signal import ABOUT, About, Signal, SignalKind, Speaker
from bridge.domain.transfer_table import State
from bridge.errors import UndecodableError
from bridge.sandbox.calls import Cue
from bridge.sandbox.ends import Writer, ends
from bridge.settings.kafka import Kafka
from bridge.wire import cad_events, returns, signals
from bridge.wire.cloudevents import CloudEvent
from bridge.wire.frames import Frames

USUAL = (
    Cue(on=ReturnKind.RECOMMENDATION, says=SignalKind.CONFIRMED, after=2.0, verdict=Verdict.RECOMMEND),
    Cue(on=ReturnKind.HELD, says=SignalKind.RELEASED, after=3.0, state=State.CONNECTED),
    Cue(on=ReturnKind.RETURN_ASKED, says=SignalKind.RETURN_TAKEN, after=2.0),
)
"""What a call taker does: confirms what is recommended, introduces the caller and leaves, takes back what
comes back. What is only to be reviewed stays with 911 unless a cue says otherwise."""

_OF_THE_INCIDENT = frozenset({About.INCIDENT, About.LEG, About.CONSULT, About.RESCUE})
_OF_ONE = frozenset({About.CONSULT, About.RESCUE})


def _unwatched(_: CadEvent | Return | Signal) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Replay:
    """Events to send and cues to follow. `watch` is called for what was sent, heard and said, as it happens.

    A call's own cues take the place of the usual ones for the same kind of return.
    """

    events: Sequence[CadEvent]
    kafka: Kafka
    frames: Frames
    cues: Mapping[IncidentId, tuple[Cue, ...]] = field(default_factory=dict)
    speed: float = 1.0
    speaker_id: str = "call-taker@sandbox"
    watch: Callable[[CadEvent | Return | Signal], None] = _unwatched
    heard: list[Return] = field(default_factory=list)
    said: list[Signal] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    sent: asyncio.Event = field(default_factory=asyncio.Event)
    _known: set[MessageId] = field(default_factory=set)

    async def run(self) -> None:
        """Sends every event, sets `sent`, and goes on playing the call taker until it is cancelled."""
        async with (
            ends(self.kafka, self.kafka.topics.returns, "sandbox.cad") as (reader, writer),
            asyncio.TaskGroup() as tasks,
        ):
            tasks.create_task(self._send(writer))
            async for record in reader:
                told = self.hear(record.value)
                for after, signal in self.answers(told) if told else ():
                    tasks.create_task(self._say(after, signal, writer))
                await reader.commit()

    def hear(self, value: bytes | None) -> Return | None:
        """The return, when it can be read and is new."""
        try:
            told = returns.decode(self.frames, value)
        except UndecodableError as error:
            self.unreadable.append(error.reason)
            return None
        self.heard.append(told)
        self.watch(told)
        if told.message_id in self._known:
            return None
        self._known.add(told.message_id)
        return told

    def answers(self, told: Return) -> list[tuple[float, Signal]]:
        """What the call taker says to this return, and after how many seconds.

        Without a transfer nothing is said of one.

        The same return, the same signals to the byte: said again after a restart they are repeats.
        """
        own = self.cues.get(told.incident_id, ())
        replaced = {cue.on for cue in own}
        cues = [*own, *(cue for cue in USUAL if cue.on not in replaced)]
        return [
            (cue.after / self.speed, self._signal(cue.says, cue, told))
            for cue in cues
            if cue.says and cue.fits(told) and (told.transfer_id or ABOUT[cue.says] in _OF_THE_INCIDENT)
        ]

    def _signal(self, says: SignalKind, cue: Cue, told: Return) -> Signal:
        return Signal(
            signal_id=SignalId(f"{told.message_id}/{says}"),
            transfer_id=told.transfer_id or TransferId(""),
            incident_id=told.incident_id,
            agency=told.agency,
            kind=says,
            speaker=Speaker.NINE_ONE_ONE,
            speaker_id=self.speaker_id,
            said_at=told.sent_at + timedelta(seconds=cue.after / self.speed),
            reason=cue.reason,
            callback_agreed=cue.callback_agreed,
            subject=told.subject if ABOUT[says] in _OF_ONE else "",
            leg=cue.leg,
            prefers=cue.prefers,
        )

    async def _send(self, writer: Writer) -> None:
        for event in self.events:
            early = (event.at - datetime.now(UTC)).total_seconds()
            if early > 0:
                await asyncio.sleep(early)
            content = cad_events.encode(self.frames, event)
            await writer.say(self.kafka.topics.cad_events, content, cad_events.about(event))
            self.watch(event)
        self.sent.set()

    async def _say(self, after: float, signal: Signal, writer: Writer) -> None:
        await asyncio.sleep(after)
        about = CloudEvent(
            id=signal.signal_id,
            source=signal.agency,
            type="org.bridge911.signal",
            subject=signal.incident_id,
            time=signal.said_at,
            partition_key=signal.incident_id,
        )
        await writer.say(self.kafka.topics.signals, signals.encode(self.frames, signal), about)
        self.said.append(signal)
        self.watch(signal)
