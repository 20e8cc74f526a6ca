"""One call's whole history as the ledger has it: what came in, what was decided, heard and sent, who held it.

Nothing sealed is opened unless keys are given. Read in one snapshot, so that its parts agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from bridge.domain.leg import Leg
from bridge.ledger.rows import AuditRow
from bridge.ledger.sealing import KeyRing
from bridge.ledger.sides import leg_of
from bridge.ledger.snapshot import Reader, snapshot
from bridge.ledger.statements import statement


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on a version of the incident: the first of each on an event, others because time went by.

    `clauses` come with how they spoke. `rules_digest` names the rules that decided, where they were kept.
    """

    version: int
    screening: int
    verdict: str
    clauses: tuple[str, ...]
    policy: str
    decided_at: datetime
    rules_digest: str


@dataclass(frozen=True, slots=True)
class EventRead:
    """A CAD event that was read, and the decision on the version it made; a repetition made none."""

    place: str
    event_key: str
    outcome: str
    faults: tuple[str, ...]
    lane: str
    produced_at: datetime
    received_at: datetime
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message and what became of it. `content` is there only when it was asked for."""

    message_id: str
    number: int
    carries: str
    kind: str
    destination: str
    channel: str
    address: str
    transfer_id: str
    state: str
    attempts: int
    answer: str
    created_at: datetime
    closed_at: datetime | None
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that did not deliver."""

    message_id: str
    number: int
    made_by: str
    ended_at: datetime
    result: str
    answer: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything of one incident. `destinations` by transfer id; `snapshot` only when it was asked for."""

    incident_key: str
    agency: str
    incident_id: str
    version: int
    verdict: str
    holder: str
    practice: bool
    events: tuple[EventRead, ...]
    decisions: tuple[Decided, ...]
    audit: tuple[AuditRow, ...]
    destinations: dict[str, str]
    messages: tuple[Sent, ...]
    attempts: tuple[Attempt, ...]
    legs: tuple[Leg, ...]
    snapshot: bytes | None


async def find_calls(dsn: str, call: str) -> Sequence[str]:
    """The keys of the incidents that `call` can mean: an incident, a transfer or a message. May be none."""
    async with snapshot(dsn) as ledger:
        return [row["incident_key"] for row in await ledger.fetch(statement("find_call"), call)]


async def history(dsn: str, incident_key: str, *, keys: KeyRing | None = None) -> History | None:
    """One incident's history, or None when the ledger does not know it.

    With `keys` what is sealed is opened; SealError when it does not open. A purged call opens as nothing.
    """
    async with snapshot(dsn) as ledger:
        row = await ledger.fetchrow(statement("history_incident"), incident_key)
        return None if row is None else await _history(ledger, row, keys)


async def _history(ledger: Reader, row: asyncpg.Record, keys: KeyRing | None) -> History:
    key = row["incident_key"]
    events = await ledger.fetch(statement("history_events"), key)
    decisions = tuple(map(_decided, await ledger.fetch(statement("history_decisions"), key)))
    on_events = {decided.version: decided for decided in decisions if decided.screening == 1}
    audit = await ledger.fetch(statement("history_audit"), key)
    messages = await ledger.fetch(statement("history_messages"), key)
    attempts = await ledger.fetch(statement("history_attempts"), key)
    legs = await ledger.fetch(statement("load_legs"), [key])
    return History(
        incident_key=key,
        agency=row["agency"],
        incident_id=row["incident_id"],
        version=row["version"],
        verdict=row["verdict"] or "",
        holder=row["holder"] or "911",
        practice=row["practice"],
        events=tuple(_event(event, on_events.get(event["version"])) for event in events),
        decisions=decisions,
        audit=tuple(map(audit_row, audit)),
        destinations={link["transfer_id"]: link["destination"] for link in audit if link["destination"]},
        messages=tuple(_sent(message, keys) for message in messages),
        attempts=tuple(map(_attempt, attempts)),
        legs=tuple(map(leg_of, legs)),
        snapshot=_opened(keys, row["data_key"], row["key_id"], row["snapshot"], b"snapshot"),
    )


def audit_row(row: asyncpg.Record) -> AuditRow:
    """A row of the audit as a value."""
    return AuditRow(
        incident_key=row["incident_key"],
        number=row["number"],
        at=row["at"],
        what=row["what"],
        holder=row["holder"],
        transfer_id=row["transfer_id"],
        from_state=row["from_state"],
        to_state=row["to_state"],
        signal_id=row["signal_id"],
        speaker=row["speaker"],
        said_at=row["said_at"],
        clauses=tuple(row["clauses"]),
        reason=row["reason"],
        hash=row["hash"],
    )


def _decided(row: asyncpg.Record) -> Decided:
    return Decided(
        version=row["version"],
        screening=row["screening"],
        verdict=row["verdict"],
        clauses=tuple(
            f"{clause} ({weight})" for clause, weight in zip(row["clauses"], row["weights"], strict=True)
        ),
        policy=f"{row['policy']} {row['policy_version']}".strip(),
        decided_at=row["decided_at"],
        rules_digest=row["rules_digest"],
    )


def _event(row: asyncpg.Record, decided: Decided | None) -> EventRead:
    return EventRead(
        place=f"{row['topic']}[{row['partition']}]@{row['record_offset']}",
        event_key=row["event_key"],
        outcome=row["outcome"],
        faults=tuple(row["faults"]),
        lane=row["lane"],
        produced_at=row["produced_at"],
        received_at=row["received_at"],
        decided=decided,
    )


def _sent(row: asyncpg.Record, keys: KeyRing | None) -> Sent:
    message_id: str = row["message_id"]
    place = message_id.encode()
    return Sent(
        message_id=message_id,
        number=row["number"],
        carries=row["carries"],
        kind=row["kind"],
        destination=row["destination"],
        channel=row["channel"],
        address=row["address"],
        transfer_id=row["transfer_id"] or "",
        state=row["state"],
        attempts=row["attempts"],
        answer=row["answer"],
        created_at=row["created_at"],
        closed_at=row["closed_at"],
        content=_opened(keys, row["opens_with"], row["opens_with_id"], row["content"], place),
    )


def _attempt(row: asyncpg.Record) -> Attempt:
    return Attempt(
        row["message_id"], row["number"], row["made_by"], row["ended_at"], row["result"], row["answer"]
    )


def _opened(
    keys: KeyRing | None, data_key: bytes | None, key_id: str, sealed: bytes | None, place: bytes
) -> bytes | None:
    if keys is None or data_key is None or sealed is None:
        return None
    return keys.open_key(data_key, key_id).open(sealed, place)
