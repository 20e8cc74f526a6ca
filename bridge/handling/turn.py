"""One turn: incidents under lock, what changes about them, and who is told, written as one transaction.

Verbs speak to a turn; a turn numbers, renders, chains and collects. Nothing leaves before it is written,
and what is measured is measured after the COMMIT.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bridge.channels.contract import Message
from bridge.domain.decision import Decision
from bridge.domain.ids import NINE_ONE_ONE, MessageId, TransferId
from bridge.domain.incident import Incident
from bridge.domain.record import Place
from bridge.domain.signal import Signal
from bridge.domain.transfer import Step, Transfer
from bridge.domain.transfer_table import HOLDING, State
from bridge.handling.callers import Passes
from bridge.handling.context import Handling, Rules
from bridge.handling.log_lines import log_quarantined, log_step
from bridge.handling.measuring import measure_decision, measure_opened, measure_step
from bridge.ledger.audit import link
from bridge.ledger.rows import AuditRow, Changes, DecisionRow, LeasedMessage, LockedIncident, OutboxRow
from bridge.ledger.sealing import DataKey
from bridge.ledger.turns import TurnTransaction

Positions = Mapping[tuple[str, int], int]
"""The next offset to read, by topic and partition."""


@dataclass(slots=True)
class Turn:
    """Collects what one transaction will write. `now` is the database's clock.

    `decided_beside` is what a shadow policy will be asked about when all is done; `after` measures
    once it is written. `passes` is how often callers were passed on, where that was read.
    """

    handling: Handling
    tx: TurnTransaction
    now: datetime
    rules: Rules
    changes: Changes = field(default_factory=Changes)
    asked_at: float = 0.0
    steps: list[tuple[Step, Signal, datetime | None]] = field(default_factory=list)
    opened: list[tuple[Transfer, datetime | None]] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    decided_beside: list[tuple[Incident, DecisionRow]] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)
    passes: Passes = field(init=False)

    def __post_init__(self) -> None:
        self.passes = Passes(self.handling.caller_hash)

    def hold(self, held: LockedIncident) -> None:
        """This incident changed and will be written."""
        self.changes.incidents[held.key] = held

    def decided(self, held: LockedIncident, decision: Decision, place: Place | None) -> None:
        """Keep the decision on the incident's present version. `place` None: no record asked for it."""
        held.screenings = 1 if place is not None else held.screenings + 1
        row = DecisionRow.of(held, decision, place)
        self.changes.decisions.append(row)
        if held.incident.agency in self.rules.shadow:
            self.decided_beside.append((held.incident, row))
        held.verdict = decision.verdict.value
        held.clauses = tuple(reason.clause for reason in decision.reasons)
        held.route = decision.route
        held.again_at = decision.again_at
        self.audit(held, "decided", to_state=decision.verdict.value, clauses=held.clauses)

    def transfer(self, held: LockedIncident | None, transfer_id: TransferId) -> Transfer | None:
        """A transfer as this turn left it, when this turn touched it or its incident came with it."""
        if held is not None and transfer_id in held.transfers:
            return held.transfers[transfer_id]
        changed = self.changes.transfers.get(transfer_id)
        return changed[1] if changed is not None else None

    def put(self, held: LockedIncident, transfer: Transfer) -> None:
        """Keep a transfer that is new or changed; who holds the call follows from it.

        One that asks for 911 leaves the call with 911; one that ends moves it only by being returned.
        """
        self.hold(held)
        before, held_by = held.transfers.get(transfer.transfer_id), held.holder
        held.transfers[transfer.transfer_id] = transfer
        if transfer.state in HOLDING or transfer.state is State.RETURNED:
            held.holder = transfer.holder
        elif before is None and transfer.from_holder is None:
            held.holder = NINE_ONE_ONE
        self.changes.transfers[transfer.transfer_id] = (held.key, transfer)
        if held.holder != held_by and before is not None:
            self.changes.passes += self.passes.counted(held.incident, transfer, held_by, held.holder)

    def audit(
        self,
        held: LockedIncident,
        what: str,
        *,
        transfer: Transfer | None = None,
        from_state: str = "",
        to_state: str = "",
        signal_id: str = "",
        speaker: str = "",
        said_at: datetime | None = None,
        clauses: tuple[str, ...] = (),
        reason: str = "",
    ) -> None:
        """Add a link to the incident's chain. Codes and ids only, never anybody's words."""
        self.hold(held)
        about = transfer if transfer is not None else held.latest
        row = AuditRow(
            incident_key=held.key,
            number=held.audit_number + 1,
            at=self.now,
            what=what,
            holder=held.holder,
            transfer_id=about.transfer_id if about is not None else "",
            from_state=from_state,
            to_state=to_state,
            signal_id=signal_id,
            speaker=speaker,
            said_at=said_at,
            clauses=clauses,
            reason=reason,
        )
        self.changes.audit.append(link(held, row))

    def send(
        self,
        held: LockedIncident,
        message: Message,
        *,
        carries: str,
        kind: str,
        number: int,
        destination: str,
        channel: str,
        address: str,
        transfer_id: TransferId | None = None,
        give_up_at: datetime | None = None,
    ) -> None:
        """Render a message and put it in the outbox, in this incident's order at this destination."""
        self.hold(held)
        self._put_message(
            message,
            carries=carries,
            kind=kind,
            incident_key=held.key,
            number=number,
            destination=destination,
            channel=channel,
            address=address,
            data_key=held.data_key,
            transfer_id=transfer_id,
            give_up_at=give_up_at,
        )

    def send_unbound(
        self,
        message: Message,
        *,
        carries: str,
        kind: str,
        address: str,
        order_key: str,
        number: int,
        key: DataKey,
    ) -> None:
        """The same for a message that belongs to no incident; it is sealed under a key of its own."""
        self._put_message(
            message,
            carries=carries,
            kind=kind,
            incident_key=None,
            number=number,
            destination=address,
            channel=self.handling.own_channel,
            address=address,
            data_key=key,
            order_key=order_key,
        )

    def _put_message(
        self,
        message: Message,
        *,
        carries: str,
        kind: str,
        incident_key: str | None,
        number: int,
        destination: str,
        channel: str,
        address: str,
        data_key: DataKey,
        transfer_id: TransferId | None = None,
        give_up_at: datetime | None = None,
        order_key: str = "",
    ) -> None:
        rendered = self.handling.channels[channel].render(message)
        self.changes.messages.append(
            OutboxRow(
                message_id=message.message_id,
                incident_key=incident_key,
                transfer_id=transfer_id,
                carries=carries,
                kind=kind,
                destination=destination,
                channel=channel,
                address=address,
                order_key=order_key or f"{destination}|{incident_key}",
                number=number,
                key=rendered.key,
                headers=rendered.headers,
                content=rendered.content,
                data_key=data_key,
                give_up_at=give_up_at,
            )
        )

    async def write(self, positions: Positions | None = None) -> list[LeasedMessage]:
        """Write everything, and where this lane goes on reading; answer what this worker may send after."""
        changes = self.changes
        if not (changes.incidents or changes.messages or changes.presences or changes.answers):
            if positions:
                await self.tx.move_positions(positions)
            return []
        self.asked_at = time.monotonic()  # a lease is trusted from when it was asked for
        mine = await self.tx.write(
            self.changes,
            lease=self.handling.lease,
            now=self.now,
            positions=positions or {},
            rules_digest=self.rules.digest,
        )
        return [_leased(row) for row in self.changes.messages if row.message_id in mine]


async def commit(turn: Turn, leased: Sequence[LeasedMessage]) -> None:
    """After the COMMIT: measure and log, then hand over what may be sent."""
    metrics = turn.handling.metrics
    for row in turn.changes.decisions:
        measure_decision(metrics, row, turn.now)
    presences = turn.handling.presences
    for transfer, began in turn.opened:
        measure_opened(metrics, transfer, began)
        if not transfer.practice:
            presences.opened(transfer.destination)
    for step, signal, began in turn.steps:
        measure_step(metrics, step, signal, turn.now, began)
        log_step(step, signal)
        if step.before.deadline is not None and step.after.deadline is None and not step.after.practice:
            presences.ended(step.before.destination)
    for made in turn.changes.passes:
        metrics.passes.add("911" if made.to_holder == NINE_ONE_ONE else "hotline")
    for measure in turn.after:
        measure()
    for reason in turn.quarantined:
        metrics.quarantined.add(reason)
        log_quarantined(reason)
    if leased:
        await turn.handling.push(leased, turn.asked_at)


def message_id(held_key: str, number: int) -> MessageId:
    """The id of an incident's n-th message: the same however often the turn is repeated."""
    return MessageId(_digest(f"{held_key}#{number}"))


def transfer_id(held_key: str, attempt: int) -> TransferId:
    """The id of an incident's n-th transfer."""
    return TransferId(_digest(f"{held_key}>{attempt}"))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _leased(row: OutboxRow) -> LeasedMessage:
    return LeasedMessage(
        row.message_id,
        row.transfer_id,
        row.carries,
        row.kind,
        row.destination,
        row.channel,
        row.address,
        row.order_key,
        row.key,
        row.headers,
        row.content,
        attempt=1,
    )
