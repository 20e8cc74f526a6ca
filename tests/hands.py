"""A worker's hands on a real ledger, for tests: the bridge's own verbs, without Faust around them.

What a worker pushes is kept and marked delivered, or really goes to Kafka.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import asyncpg
from building import FRAMES, KEYS, a_heard_signal, rules

from bridge.app.parts import Snapshots
from bridge.channels.contract import Channel, Outgoing, Receipt
from bridge.channels.kafka import KafkaChannel
from bridge.domain.delivery import DeliveryState
from bridge.domain.record import UnreadableRecord
from bridge.domain.signal import Signal
from bridge.handling.callers import caller_hash
from bridge.handling.context import Addresses, Handling, Rules
from bridge.handling.hear_signals import SignalRecord, hear_signals
from bridge.handling.record_cad_events import CadRecord, record_cad_events
from bridge.ledger.ledger import Ledger
from bridge.ledger.rows import DeliveryResult, LeasedMessage
from bridge.ledger.sealing import KeyRing
from bridge.metrics import new_metrics


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


async def time_goes_by(sql: asyncpg.Connection, minutes: float, keys: KeyRing = KEYS) -> None:
    """So long ago is now all that calls wait for: when each began, and when each is due again."""
    gone, snapshots = timedelta(minutes=minutes), Snapshots(FRAMES)
    for row in await sql.fetch("select incident_key, data_key, key_id, snapshot from incident"):
        key = keys.open_key(row["data_key"], row["key_id"])
        incident = snapshots.decode(key.open(row["snapshot"], b"snapshot"))
        assert incident.first_at is not None
        earlier = snapshots.encode(replace(incident, first_at=incident.first_at - gone))
        await sql.execute(
            "update incident set snapshot = $2, again_at = again_at - $3::interval where incident_key = $1",
            row["incident_key"],
            key.seal(earlier, b"snapshot"),
            gone,
        )


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
        caller_hash=caller_hash(b"k" * 32),
        lost_retry_seconds=lost_retry_seconds,
    )
    try:
        yield Lane(handling, post)
    finally:
        await ledger.close()
