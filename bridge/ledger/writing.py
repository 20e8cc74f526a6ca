"""A turn's changes as the columns of `sql/write_turn.sql`, in its order. Knows nothing of meaning."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import ENDS
from bridge.ledger import headers
from bridge.ledger.rows import AnswerRow, AuditRow, Changes, DecisionRow, LockedIncident, OutboxRow, Pass

Columns = list[list[object]]

ANSWER = b"answer"
"""Where a kept answer is sealed to."""


def write_arguments(changes: Changes, snapshots: Mapping[str, bytes]) -> Columns:
    """Parameters $5 and on."""
    transfers = list(changes.transfers.values())
    ended = [transfer.transfer_id for _, transfer in transfers if transfer.state in ENDS]
    return [
        *_columns(21, (_incident(held, snapshots) for held in changes.incidents.values())),
        *_columns(16, map(_decision, changes.decisions)),
        *_columns(24, (_transfer(key, transfer) for key, transfer in transfers)),
        list(ended),
        *_columns(17, map(_message, changes.messages)),
        *_columns(13, map(_audit, changes.audit)),
        *_columns(5, map(_pass, changes.passes)),
        *_columns(7, map(_answer, changes.answers)),
    ]


def _columns(width: int, rows: Iterable[Sequence[object]]) -> Columns:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


def _incident(held: LockedIncident, snapshots: Mapping[str, bytes]) -> Sequence[object]:
    sealed = snapshots.get(held.key)
    return (
        held.key,
        held.incident.version,
        held.data_key.wrapped if sealed is not None else None,
        held.data_key.key_id if sealed is not None else None,
        sealed,
        held.verdict,
        ",".join(held.clauses),
        ",".join(held.route),
        ",".join(held.asked),
        held.settled,
        held.budget_until,
        held.messages,
        held.audit_number,
        held.audit_head,
        held.incident.practice,
        held.again_at,
        held.holder,
        len(held.legs),
        len(held.consults),
        len(held.rescues),
        held.opened_by,
    )


def _decision(row: DecisionRow) -> Sequence[object]:
    decision, place = row.decision, row.place
    return (
        row.incident_key,
        row.version,
        row.screening,
        decision.verdict.value,
        ",".join(reason.clause for reason in decision.reasons),
        ",".join(reason.weight.value for reason in decision.reasons),
        decision.policy.name,
        decision.policy.version,
        decision.policy.digest,
        ",".join(decision.route),
        place.topic if place is not None else None,
        place.partition if place is not None else None,
        place.offset if place is not None else None,
        place.produced_at if place is not None else None,
        row.channel.value,
        row.referred_type,
    )


def _transfer(key: str, transfer: Transfer) -> Sequence[object]:
    return (
        transfer.transfer_id,
        key,
        transfer.destination,
        transfer.kind.value,
        transfer.state.value,
        transfer.attempt,
        transfer.deadline,
        transfer.budget_until,
        transfer.created_at,
        transfer.offered_at,
        transfer.since or transfer.created_at,
        transfer.callback_agreed,
        transfer.sequence,
        transfer.practice,
        transfer.from_holder,
        ",".join(transfer.teams),
        transfer.caller_told,
        transfer.identity_given,
        transfer.warmth,
        transfer.outcome,
        transfer.reason,
        transfer.follow_up_at,
        transfer.ways_tried,
        transfer.routed,
    )


def _message(row: OutboxRow) -> Sequence[object]:
    return (
        row.message_id,
        row.incident_key,
        row.transfer_id,
        row.carries,
        row.kind,
        row.destination,
        row.channel,
        row.address,
        row.order_key,
        row.number,
        row.key,
        headers.pack(row.headers),
        row.data_key.wrapped if row.incident_key is None else None,
        row.data_key.key_id,
        row.data_key.seal(row.content, row.message_id.encode()),
        hashlib.sha256(row.content).digest(),
        row.give_up_at,
    )


def _audit(row: AuditRow) -> Sequence[object]:
    return (
        row.incident_key,
        row.number,
        row.what,
        row.transfer_id,
        row.from_state,
        row.to_state,
        row.signal_id,
        row.speaker,
        row.said_at,
        row.holder,
        ",".join(row.clauses),
        row.reason,
        row.hash,
    )


def _pass(made: Pass) -> Sequence[object]:
    return made.agency, made.caller, made.transfer_id, made.from_holder, made.to_holder


def _answer(row: AnswerRow) -> Sequence[object]:
    key = row.data_key
    sealed = key.seal(row.body, ANSWER)
    return row.speaker, row.idempotency, row.request, row.status, sealed, key.wrapped, key.key_id
