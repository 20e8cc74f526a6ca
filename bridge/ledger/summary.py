"""What happened so far, counted and timed from the ledger alone. Ids and codes only."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bridge.ledger.connection import translated_errors
from bridge.ledger.ledger import Ledger
from bridge.ledger.statements import statement

_FOR_A_REPORT = """
set local statement_timeout = '60s'; set local plan_cache_mode = auto; set local enable_seqscan = on;
set local enable_mergejoin = on
"""
"""A report reads whole tables, a turn a few rows: what is right for one is slow for the other."""


@dataclass(frozen=True, slots=True)
class Interval:
    """How often something was measured, and its quantiles in milliseconds."""

    count: int
    p50: float
    p99: float
    worst: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts by kind and name (`verdicts`, `transfers`, `holders` ...), and intervals by name."""

    counts: Mapping[str, Mapping[str, int]]
    intervals_ms: Mapping[str, Interval]


async def summarise(ledger: Ledger, since: datetime | None = None) -> Summary:
    """Read the ledger once, of calls first heard of at `since` or later. Raises LedgerLostError."""
    with translated_errors():
        async with ledger.pool.acquire(timeout=5) as connection, connection.transaction(readonly=True):
            await connection.execute(_FOR_A_REPORT)
            counted = await connection.fetch(statement("summary_counts"), since, timeout=60)
            measured = await connection.fetch(statement("summary_intervals"), since, timeout=60)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in counted:
        counts[row["what"]][row["name"]] = row["count"]
    intervals = {
        row["name"]: Interval(row["count"], row["p50"], row["p99"], row["worst"]) for row in measured
    }
    return Summary(counts, intervals)


async def at_rest(ledger: Ledger, decisions: int) -> bool:
    """Whether so many decisions were made, no transfer is under way and no message waits to leave."""
    with translated_errors():
        async with ledger.pool.acquire(timeout=5) as connection:
            resting: bool = await connection.fetchval(statement("at_rest"), decisions)
    return resting
