"""How long a call waits when a worker dies: from its record in Kafka to the decision, and to the offer.

Both ends are read from clocks of one machine. What is measured are the events produced in the seconds
around a kill; the same lanes' quiet seconds just before it are printed beside them, because on a busy
machine they say what waiting is the machine's own.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import monotonic

from bridge.domain.message import OfferKind
from tests.faults.calls import AGENCY, evening
from tests.faults.deaths import a_prefix
from tests.faults.ground import Ground
from tests.faults.lanes import running
from tests.faults.reckoning import Outcome, drained, reckon
from tests.faults.traffic import Sent, offers_read, send

LANE_BOUND_S = 0.1
WORKER_BOUND_S = 12.0
_QUIET_S, _BEFORE_S = 3.0, 0.5
_START_S = 2.0
"""Traffic flows this long before anything is measured."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds from a record's time to its decision, and to the moment its offer is handed to Kafka."""

    decided: Sequence[float]
    offered: Sequence[float]

    def __str__(self) -> str:
        decided, offered = (f"{median(some) * 1000:.0f}/{max(some) * 1000:.0f}" for some in (
            self.decided or [0.0], self.offered or [0.0]))  # fmt: skip
        return f"{decided} ms to decide, {offered} ms to offer"


@dataclass(frozen=True, slots=True)
class Kill:
    """What one kill cost (p50/worst), and the quiet seconds before it."""

    quiet: Delays
    around: Delays

    def __str__(self) -> str:
        return f"{self.around} (quiet {self.quiet})"


async def lane_dies(
    ground: Ground, *, kills: int = 5, rate: float = 100.0, after_s: float = 3.0
) -> tuple[Outcome, list[Kill]]:
    """Two lanes at so many events a second; one of them, in turn, is killed and is away for `after_s`."""
    return await _measured(ground, ("a", "b"), kills, rate, after_s, f"one of two lanes dies, {kills} kills")


async def worker_dies(
    ground: Ground, *, kills: int = 1, rate: float = 100.0, after_s: float = 15.0
) -> tuple[Outcome, list[Kill]]:
    """Two workers share one lane's partitions; one is killed: the other waits for the session to run out."""
    return await _measured(
        ground, ("a", "a"), kills, rate, after_s, f"one of two workers dies, {kills} kills"
    )


async def _measured(
    ground: Ground, names: Sequence[str], kills: int, rate: float, after_s: float, cell: str
) -> tuple[Outcome, list[Kill]]:
    began, prefix = monotonic(), a_prefix()
    everything, costs = Sent(), []
    async with running(ground, *names) as lanes:
        for number in range(kills):
            lane = lanes[number % len(lanes)]
            told = evening(f"{prefix}.{number}", int((_START_S + _QUIET_S + after_s) * rate))
            sending = asyncio.create_task(send(ground, told, rate=rate))
            await asyncio.sleep(_START_S + _QUIET_S)
            killed_at = datetime.now(UTC)
            lane.kill()
            sent = await sending
            everything.told += sent.told
            await drained(ground, sent)
            costs.append(await _cost(ground, f"{prefix}.{number}", killed_at))
            lane.start()
            await lane.ready()
        outcome = await reckon(ground, cell, everything, prefix)
    worst = max(max(kill.around.decided) for kill in costs)
    p50 = median([delay for kill in costs for delay in kill.around.decided])
    outcome.takeover = f"p50 {p50 * 1000:.0f} ms, worst {worst * 1000:.0f} ms"
    outcome.seconds = monotonic() - began
    return outcome, costs


async def _cost(ground: Ground, prefix: str, killed_at: datetime) -> Kill:
    """The delays of one kill's events, those of the quiet seconds apart."""
    ledger = await ground.ledger()
    try:
        rows = await ledger.fetch(
            "select incident_key, version, produced_at, decided_at from decision where incident_key like $1",
            f"{AGENCY}/{prefix}-%",
        )
    finally:
        await ledger.close()
    first = {row["incident_key"]: row["produced_at"] for row in rows if row["version"] == 1}
    offered: dict[str, datetime] = {}
    for read in await offers_read(ground, f"{prefix}-"):
        if read.offer.kind is OfferKind.OFFER:
            sent = datetime.fromtimestamp(read.sent_ms / 1000, UTC)
            offered.setdefault(f"{AGENCY}/{read.offer.incident_id}", sent)

    def between(since: datetime, until: datetime) -> Delays:
        return Delays(
            [
                (row["decided_at"] - row["produced_at"]).total_seconds()
                for row in rows
                if since <= row["produced_at"] < until
            ],
            [
                (offered[key] - produced).total_seconds()
                for key, produced in first.items()
                if key in offered and since <= produced < until
            ],
        )

    before = killed_at - timedelta(seconds=_BEFORE_S)
    return Kill(
        between(before - timedelta(seconds=_QUIET_S - _BEFORE_S), before),
        between(before, killed_at + timedelta(hours=1)),
    )
