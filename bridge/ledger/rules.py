"""The rules that decided, kept whole: which there were, who decides by which, and how to get them back.

A version of the rules is bytes with a hash for a name; what they say is not known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.domain.policy import Policy
from bridge.errors import LedgerError
from bridge.ledger.connection import connected
from bridge.ledger.ledger import Ledger
from bridge.ledger.snapshot import reader
from bridge.ledger.statements import statement


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """One version of the rules. `digest` is the SHA-256 of `content` in hex, which the ledger insists on."""

    digest: str
    content: bytes
    live: Sequence[Policy]
    shadow: Sequence[Policy]


@dataclass(frozen=True, slots=True)
class Running:
    """A worker that is connected to the ledger, and the rules it has decided by since `loaded_at`."""

    lane: str
    worker: str
    digest: str
    loaded_at: datetime


async def keep_rules(ledger: Ledger, version: RulesVersion) -> None:
    """Keep these rules, and that this worker decides by them from now on. May be repeated."""
    rows = [
        (part, policy.agency, policy.name, policy.version, policy.effective, policy.digest)
        for part, policies in (("live", version.live), ("shadow", version.shadow))
        for policy in policies
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(6)]
    async with connected(ledger.pool) as connection:
        await connection.execute(
            statement("keep_rules"), version.digest, version.content, ledger.lane, ledger.worker, *columns
        )


async def rules_version(dsn: str, digest: str) -> bytes:
    """The rules of this digest, or of the only one that begins so. LedgerError when there is none, or two."""
    async with reader(dsn) as ledger:
        rows = await ledger.fetch(statement("rules_version"), digest)
    if len(rows) != 1:
        found = "two versions" if rows else "no version"
        raise LedgerError(
            f"the ledger has {found} of the rules that begin so; give a decision's rules_digest"
        )
    content: bytes = rows[0]["content"]
    return content


async def newest_rules(dsn: str) -> bytes | None:
    """The rules that some worker put in force last; None when none ever did."""
    async with reader(dsn) as ledger:
        content: bytes | None = await ledger.fetchval(statement("newest_rules"))
    return content


async def running_rules(dsn: str) -> Sequence[Running]:
    """By which rules the workers decide that run now. None does on a ledger that keeps no rules yet."""
    async with reader(dsn) as ledger:
        if not await ledger.fetchval("select to_regclass('rules_loaded') is not null"):
            return ()
        rows = await ledger.fetch(statement("running_rules"))
    return [Running(row["lane"], row["worker"], row["digest"], row["loaded_at"]) for row in rows]
