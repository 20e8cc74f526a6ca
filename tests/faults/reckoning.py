"""What must be true when a scenario is over, whatever was killed: every event counted, every offer too.

Two witnesses are compared with what was sent: the ledger, by statements that this file alone uses, and
the hotline's topic, read from its beginning. Then the bridge's own `verify` is asked.
"""

import asyncio
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from time import monotonic

from bridge.cli import verify
from bridge.domain.message import OfferKind
from tests.faults.calls import AGENCY, Course
from tests.faults.ground import Ground
from tests.faults.traffic import Read, Sent, offers_read

DRAINED_SECONDS = 120.0


@dataclass(slots=True)
class Outcome:
    """What a scenario came to. `lost` counts events without a decision and offers never read."""

    cell: str
    seconds: float = 0.0
    events: int = 0
    decided: int = 0
    offers_read: int = 0
    sent_twice: int = 0
    lost: int = 0
    verify: str = ""
    takeover: str = ""
    wrong: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong."""
        return not self.wrong

    def as_json(self) -> str:
        """One line for a machine."""
        return json.dumps(asdict(self))


async def drained(ground: Ground, sent: Sent, within_s: float = DRAINED_SECONDS) -> bool:
    """Wait until every event has a decision and nothing waits in the outbox; False when that never comes."""
    ledger = await ground.ledger()
    until = monotonic() + within_s
    try:
        while monotonic() < until:
            places = await ledger.fetchval(
                "select count(*) from decision where topic = $1 and incident_key = any($2::text[])",
                ground.topics.cad_events,
                _incident_keys(sent),
            )
            waiting = await ledger.fetchval(
                "select count(*) from outbox where state in ('pending', 'leased', 'retry')"
            )
            if places >= len(sent) and not waiting:
                return True
            await asyncio.sleep(0.1)
        return False
    finally:
        await ledger.close()


async def reckon(ground: Ground, cell: str, sent: Sent, prefix: str) -> Outcome:
    """Count everything that was sent under `prefix`. Call it when all is drained and no fault is to come."""
    outcome = Outcome(cell, events=len(sent))
    if not await drained(ground, sent):
        outcome.wrong.append("not everything was decided and sent in time")
    await _events(ground, sent, outcome)
    read = await offers_read(ground, prefix)
    await _offers(ground, sent, read, outcome)
    outcome.verify = await verified(ground)
    if outcome.verify != "clean":
        outcome.wrong.append(f"bridge verify: {outcome.verify}")
    return outcome


async def _events(ground: Ground, sent: Sent, outcome: Outcome) -> None:
    """Each event is applied once and decided once, in the order it was sent in."""
    topic = ground.topics.cad_events
    ledger = await ground.ledger()
    try:
        applied = await ledger.fetch(
            "select event_key, partition, record_offset, outcome from inbox where topic = $1", topic
        )
        decisions = await ledger.fetch(
            "select incident_key, version, partition, record_offset from decision "
            "where topic = $1 and incident_key = any($2::text[]) order by incident_key, version",
            topic,
            _incident_keys(sent),
        )
        quarantined = await ledger.fetchval("select count(*) from quarantine where topic = $1", topic)
    finally:
        await ledger.close()
    rows = Counter((row["partition"], row["record_offset"]) for row in applied)
    once = Counter(row["event_key"] for row in applied if row["outcome"] == "applied")
    places = Counter((row["partition"], row["record_offset"]) for row in decisions)
    outcome.decided = len(decisions)
    for told, partition, offset in sent.told:
        key = f"{AGENCY}/{told.event.event_id}"
        if rows[partition, offset] != 1 or once[key] != 1 or places[partition, offset] != 1:
            outcome.lost += places[partition, offset] == 0
            outcome.wrong.append(
                f"{key}: {rows[partition, offset]} inbox rows, applied {once[key]} times, "
                f"{places[partition, offset]} decisions"
            )
    if quarantined:
        outcome.wrong.append(f"{quarantined} good records in quarantine")
    wanted: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for told, partition, offset in sent.told:
        wanted[f"{AGENCY}/{told.incident_id}"].append((partition, offset))
    decided: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in decisions:
        decided[row["incident_key"]].append((row["partition"], row["record_offset"]))
    outcome.wrong += [f"{key}: decided out of order" for key in wanted if decided[key] != wanted[key]]


async def _offers(ground: Ground, sent: Sent, read: Sequence[Read], outcome: Outcome) -> None:
    """Each message to the hotline was read, under one id, in its order; who had to be offered was."""
    ledger = await ground.ledger()
    try:
        stored = await ledger.fetch(
            "select o.message_id, o.state, o.sha256, o.kind from outbox o "
            "where o.carries = 'offer' and o.incident_key = any($1::text[])",
            _incident_keys(sent),
        )
    finally:
        await ledger.close()
    ids = Counter(one.offer.message_id for one in read)
    outcome.offers_read = len(ids)
    outcome.sent_twice = len(read) - len(ids)
    digests = {row["message_id"]: row["sha256"] for row in stored}
    for one in read:
        if digests.get(one.offer.message_id) != hashlib.sha256(one.content).digest():
            outcome.wrong.append(f"{one.offer.message_id}: was read and is not what is stored")
    for row in stored:
        if row["state"] != "withdrawn" and not ids[row["message_id"]]:
            outcome.lost += 1
            outcome.wrong.append(f"{row['message_id']} ({row['kind']}, {row['state']}): never read")
    by_transfer: dict[str, dict[int, str]] = defaultdict(dict)
    for one in read:
        known = by_transfer[one.offer.transfer_id].setdefault(one.offer.sequence, one.offer.message_id)
        if known != one.offer.message_id:
            outcome.wrong.append(f"{one.offer.transfer_id}: two messages of number {one.offer.sequence}")
    for transfer, numbers in by_transfer.items():
        if list(numbers) != sorted(numbers):
            outcome.wrong.append(f"{transfer}: first read as {list(numbers)}")
    offered = Counter[str](one.offer.incident_id for one in read if one.offer.kind is OfferKind.OFFER)
    for incident in {told.incident_id for told, *_ in sent.told if told.course is Course.OPEN}:
        if not offered[incident]:
            outcome.lost += 1
            outcome.wrong.append(f"{incident}: stayed open and was never offered")


def _incident_keys(sent: Sent) -> list[str]:
    return sorted({f"{AGENCY}/{told.incident_id}" for told, *_ in sent.told})


async def verified(ground: Ground) -> str:
    """What `bridge verify` says: `clean`, or its words."""
    report = await verify.verified(ground.settings)
    if not report.broken:
        return "clean"
    return "; ".join(
        f"invariant {number} broken {found.rows} times, first {found.named[0]}"
        for number, found in report.found.items()
        if found.rows
    )
