"""Calls, records, signals and hands for tests, each with safe defaults: name what differs.

The agency and its policy are invented. A call of type `46` whose four questions were answered with no is
offered to the crisis line, then to the city's 311.
"""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bridge.app import Snapshots
from bridge.channels.contract import Channel, Outgoing, Receipt
from bridge.channels.kafka import KafkaChannel
from bridge.domain.cad import Answer, CadEvent, Caller, CallType, CodedAnswer, EventKind, Location, Note
from bridge.domain.decision import Verdict
from bridge.domain.delivery import DeliveryState
from bridge.domain.destination import Destination, Precision, Privacy, Waits
from bridge.domain.ids import (
    NINE_ONE_ONE,
    AgencyId,
    ClauseId,
    DestinationId,
    EventId,
    IncidentId,
    SignalId,
    TransferId,
)
from bridge.domain.policy import Danger, DisqualifierClause, Policy, ScopeClause
from bridge.domain.record import InboxRecord, Place, UnreadableRecord
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.handling.context import Addresses, Handling, Rules
from bridge.handling.hear_signals import SignalRecord, hear_signals
from bridge.handling.record_cad_events import CadRecord, record_cad_events
from bridge.handling.turn import message_id, transfer_id
from bridge.ledger.ledger import Ledger
from bridge.ledger.rows import DeliveryResult, LeasedMessage
from bridge.ledger.sealing import KeyRing
from bridge.metrics import new_metrics
from bridge.wire import cad_events, signals
from bridge.wire.frames import Frames

FRAMES = Frames()
AGENCY = AgencyId("police.town.example")
CRISIS_LINE, CITY_311 = DestinationId("crisis-line"), DestinationId("city-311")
KEYS = KeyRing({"k1": b"k" * 32}, "k1")
QUESTIONS = ("weapon", "violence", "medical", "police_only")
CANARIES = ("SHE SEES SPIDERS", "2145550100", "Ada Canary", "77 Canary Lane")
"""A narrative, a number, a name and a place that must not be found where they do not belong."""


def an_event(
    incident: str = "INV-1",
    event: str = "e1",
    *,
    weapon: bool = False,
    kind: EventKind = EventKind.CREATED,
    note: str = CANARIES[0],
    on_the_line: bool = True,
    practice: bool = False,
    call_type: str = "46",
) -> CadEvent:
    """An eligible call, first heard of; with `weapon` one that stays with 911."""
    said = dict.fromkeys(QUESTIONS, Answer.NO) | ({"weapon": Answer.YES} if weapon else {})
    return CadEvent(
        EventId(event),
        IncidentId(incident),
        AGENCY,
        kind,
        datetime.now(UTC),
        call_id=f"call-{incident}",
        call_type=CallType(call_type),
        location=Location(text=CANARIES[3], latitude=32.7, longitude=-96.8),
        callback=CANARIES[1],
        caller=Caller(
            CANARIES[2], first_party=Answer.YES, on_the_line=Answer.YES if on_the_line else Answer.NO
        ),
        answers=tuple(CodedAnswer(question, answer) for question, answer in said.items()),
        notes=(Note(note),),
        practice=practice,
    )


def a_place(offset: int, *, topic: str = "cad.events", partition: int = 0) -> Place:
    """Where a record was read."""
    return Place(topic, partition, offset, datetime.now(UTC))


def a_record(event: CadEvent, offset: int, *, topic: str = "cad.events", partition: int = 0) -> CadRecord:
    """A CAD event as it was read from Kafka."""
    content = cad_events.encode(FRAMES, event)
    place = a_place(offset, topic=topic, partition=partition)
    key = f"{event.agency}/{event.event_id}"
    return CadRecord(InboxRecord(place, key, hashlib.sha256(content).digest()), event, content)


def garbage(offset: int, *, topic: str = "cad.events", content: bytes = b"garbage") -> UnreadableRecord:
    """A record that is no message."""
    return UnreadableRecord(a_place(offset, topic=topic), "unknown_frame", content, b"INV-9")


def a_signal(
    kind: SignalKind,
    incident: str = "INV-1",
    *,
    attempt: int = 1,
    by: str = CRISIS_LINE,
    reason: str = "",
    text: str = "",
    prefers: str = "",
    callback_agreed: bool = False,
    name: str = "",
) -> Signal:
    """A signal about an incident's n-th transfer; `by` is a destination or `911`."""
    speaker = Speaker.NINE_ONE_ONE if by == NINE_ONE_ONE else Speaker.DESTINATION
    return Signal(
        SignalId(name or f"{kind}-{incident}-{attempt}"),
        the_transfer(incident, attempt),
        IncidentId(incident),
        AGENCY,
        kind,
        speaker,
        by,
        datetime.now(UTC) - timedelta(seconds=1),
        reason=reason,
        text=text,
        prefers=DestinationId(prefers) if prefers else None,
        callback_agreed=callback_agreed,
    )


def a_heard_signal(signal: Signal, offset: int, *, topic: str = "hotline.signals") -> SignalRecord:
    """A signal as it was read from Kafka."""
    content = signals.encode(FRAMES, signal)
    key = f"signal/{signal.speaker_id}/{signal.signal_id}"
    inbox = InboxRecord(a_place(offset, topic=topic), key, hashlib.sha256(content).digest())
    return SignalRecord(inbox, signal, content)


def the_incident(incident: str = "INV-1") -> str:
    """The ledger's key of an incident."""
    return f"{AGENCY}/{incident}"


def the_transfer(incident: str = "INV-1", attempt: int = 1) -> TransferId:
    """The id of an incident's n-th transfer."""
    return transfer_id(the_incident(incident), attempt)


def the_message(number: int, incident: str = "INV-1") -> str:
    """The id of an incident's n-th message."""
    return message_id(the_incident(incident), number)


def a_destination(name: str, *, waits: Waits | None = None, address: str = "") -> Destination:
    """A hotline that listens on Kafka."""
    return Destination(
        DestinationId(name),
        name.title(),
        "kafka",
        address or f"{name}.offers",
        Privacy(frozenset({"narrative", "callback", "location"}), Precision.EXACT),
        waits=waits or Waits(),
    )


def a_policy(route: Sequence[DestinationId] = (CRISIS_LINE, CITY_311)) -> Policy:
    """The invented agency's."""
    return Policy(
        agency=AGENCY,
        name="town",
        version="1",
        effective=datetime(2020, 1, 1, tzinfo=UTC),
        timezone="UTC",
        scope=(
            ScopeClause(
                ClauseId("crisis"), "May go.", Verdict.OFFER, call_types=frozenset({"46"}), route=tuple(route)
            ),
            ScopeClause(
                ClauseId("ask"), "Ask.", Verdict.RECOMMEND, call_types=frozenset({"31"}), route=tuple(route)
            ),
        ),
        disqualifier=tuple(
            DisqualifierClause(
                ClauseId(danger.value.replace("_", "-")),
                danger,
                "Stays.",
                questions=(danger.value,),
                unanswered="review",
            )
            for danger in Danger
        ),
        digest="0" * 64,
    )


def rules(*, scale: float = 1.0, budget: float = 120.0, prefix: str = "") -> Rules:
    """The agency's policy and two hotlines. `scale` shortens every wait; `prefix` begins every topic."""
    hotlines = [a_destination(name, address=f"{prefix}{name}.offers") for name in (CRISIS_LINE, CITY_311)]
    return Rules(
        policies={AGENCY: (a_policy(),)},
        destinations={hotline.id: hotline for hotline in hotlines},
        budget_seconds=budget,
        waits_scale=scale,
    )


def kafka_channel() -> KafkaChannel:
    """Renders as the bridge does; its producer is never started."""

    def none_is_made() -> object:
        raise AssertionError("these tests hand nothing to Kafka")

    return KafkaChannel(none_is_made, FRAMES, source="bridge/tests")  # type: ignore[arg-type]


@dataclass
class Post:
    """Where a worker's pushed messages go: kept here and marked delivered, or over `channel` to Kafka."""

    ledger: Ledger
    channel: Channel | None = None
    messages: list[LeasedMessage] = field(default_factory=list)
    delivers: bool = True
    _places: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def push(self, messages: Sequence[LeasedMessage], asked_at: float) -> None:
        self.messages += messages
        if self.delivers:
            answers = await self._answers(messages)
            await self.ledger.close_deliveries(
                [
                    DeliveryResult(message.message_id, message.attempt, DeliveryState.DELIVERED, answer)
                    for message, answer in zip(messages, answers, strict=True)
                ]
            )

    async def _answers(self, messages: Sequence[LeasedMessage]) -> list[str]:
        if self.channel is None:
            answers = []
            for message in messages:
                answers.append(f"{message.address}[0]@{self._places[message.address]}")
                self._places[message.address] += 1
            return answers
        outgoing = [Outgoing(m.message_id, m.address, m.key, m.headers, m.content) for m in messages]
        receipts = await self.channel.send(outgoing)
        assert all(isinstance(receipt, Receipt) for receipt in receipts), receipts
        return [receipt.answer for receipt in receipts if isinstance(receipt, Receipt)]


@dataclass
class Lane:
    """One worker's hands on a real ledger, and what it pushed."""

    handling: Handling
    post: Post

    @property
    def ledger(self) -> Ledger:
        return self.handling.ledger

    async def reads(self, *records: CadRecord | UnreadableRecord) -> None:
        """CAD's records, in one turn."""
        await record_cad_events(self.handling, records, _positions(records))

    async def hears(self, *records: SignalRecord | UnreadableRecord) -> None:
        """Signals, in one turn."""
        await hear_signals(self.handling, records, _positions(records))

    async def hears_in_turn(self, *given: Signal, first: int = 0) -> None:
        """Each signal in a turn of its own, from offset `first` on."""
        for offset, signal in enumerate(given, first):
            await self.hears(a_heard_signal(signal, offset))


def _positions(
    records: Sequence[CadRecord | SignalRecord | UnreadableRecord],
) -> Mapping[tuple[str, int], int]:
    positions: dict[tuple[str, int], int] = {}
    for record in records:
        place = record.place if isinstance(record, UnreadableRecord) else record.inbox.place
        positions[place.topic, place.partition] = place.offset + 1
    return positions


@asynccontextmanager
async def a_lane(
    dsn: str,
    lane: str = "a",
    *,
    given: Rules | None = None,
    channel: Channel | None = None,
    prefix: str = "",
    lost_retry_seconds: float = 10.0,
) -> AsyncIterator[Lane]:
    """A worker's hands on the ledger at `dsn`. Over `channel` what it pushes goes to Kafka, else nowhere."""
    ledger = await Ledger.connect(
        dsn, keys=KEYS, snapshots=Snapshots(FRAMES), lane=lane, worker=f"{lane}-test", pool_size=4
    )
    post = Post(ledger, channel)
    in_force = given or rules(prefix=prefix)
    handling = Handling(
        ledger=ledger,
        rules=lambda: in_force,
        channels={"kafka": channel or kafka_channel()},
        addresses=Addresses(
            *(f"{prefix}{name}" for name in ("cad.returns", "bridge.status", "bridge.quarantine")),
            f"{prefix}hotline.signals",
        ),
        metrics=new_metrics(lane=lane),
        lease=3.0,
        push=post.push,
        retrying=lambda: None,
        lost_retry_seconds=lost_retry_seconds,
    )
    try:
        yield Lane(handling, post)
    finally:
        await ledger.close()
