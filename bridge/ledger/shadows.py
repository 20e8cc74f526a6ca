"""What policies that only look on would have decided: written, and counted against what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.domain.decision import Decision
from bridge.ledger.connection import connected
from bridge.ledger.ledger import Ledger
from bridge.ledger.rows import DecisionRow
from bridge.ledger.snapshot import snapshot
from bridge.ledger.statements import statement


@dataclass(frozen=True, slots=True)
class ShadowRow:
    """A decision that was made, and what the shadow made of the same version at the same instant."""

    live: DecisionRow
    shadow: Decision


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How often the shadow said `shadow` where `live` was decided."""

    policy: str
    version: str
    live: str
    shadow: str
    decisions: int


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """In how many decisions with different verdicts only this side (`live` or `shadow`) spoke this clause."""

    policy: str
    version: str
    side: str
    clause: str
    decisions: int


@dataclass(frozen=True, slots=True)
class ShadowSummary:
    """Both, the most frequent first; `policy` and `version` are the shadow's."""

    verdicts: Sequence[VerdictCount]
    clauses: Sequence[ClauseCount]


async def write_shadows(ledger: Ledger, rows: Sequence[ShadowRow], at: datetime) -> None:
    """Write what shadows decided at `at`, in one statement. May be repeated."""
    columns = zip(*map(_columns, rows), strict=True)
    async with connected(ledger.pool) as connection:
        await connection.execute(statement("write_shadows"), at, *map(list, columns))


async def shadow_summary(dsn: str, since: datetime) -> ShadowSummary:
    """The shadows' decisions since an instant, against those that were made. LedgerLostError."""
    async with snapshot(dsn) as ledger:
        verdicts = await ledger.fetch(statement("shadow_verdicts"), since)
        clauses = await ledger.fetch(statement("shadow_clauses"), since)
    return ShadowSummary([VerdictCount(*row) for row in verdicts], [ClauseCount(*row) for row in clauses])


def _columns(row: ShadowRow) -> tuple[object, ...]:
    live, shadow = row.live, row.shadow
    return (
        live.incident_key,
        live.version,
        shadow.verdict.value,
        ",".join(reason.clause for reason in shadow.reasons),
        ",".join(reason.weight.value for reason in shadow.reasons),
        shadow.policy.name,
        shadow.policy.version,
        shadow.policy.digest,
        live.decision.verdict.value,
    )
