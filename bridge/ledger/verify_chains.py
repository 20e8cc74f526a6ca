"""Invariant 8: each incident's audit rows are recomputed, link by link, against the head it keeps."""

import asyncpg

from bridge.ledger.audit import digest
from bridge.ledger.history import audit_row
from bridge.ledger.report import Report
from bridge.ledger.snapshot import Reader
from bridge.ledger.statements import statement


class _Chain:
    """One incident's chain as far as it has been read. Told of once, at its first broken link."""

    def __init__(self, row: asyncpg.Record) -> None:
        self.key: str = row["incident_key"]
        self._kept_head: bytes | None = row["audit_head"]
        self._kept_number: int | None = row["audit_number"]
        self._head = b""
        self._number = 0
        self._broken_at = 0

    def add(self, row: asyncpg.Record) -> None:
        """The next row."""
        link = audit_row(row)
        head = digest(self._head, link)
        if not self._broken_at and (link.number != self._number + 1 or head != link.hash):
            self._broken_at = link.number
        self._number, self._head = link.number, link.hash

    def end(self, report: Report) -> None:
        """No more rows: is this the head that the incident keeps?"""
        if self._kept_number is None:
            report.add(8, f"audit of no incident: {self.key}")
        elif self._broken_at:
            report.add(8, f"chain breaks: audit {self.key}#{self._broken_at}")
        elif (self._number, self._head) != (self._kept_number, self._kept_head):
            report.add(8, f"chain's end is not the incident's: audit {self.key}#{self._number}")


async def check_chains(ledger: Reader, report: Report) -> None:
    """Read every audit row, in its incident's order, once."""
    chain: _Chain | None = None
    async for row in ledger.cursor(statement("verify_chain"), prefetch=1000):
        if chain is None or chain.key != row["incident_key"]:
            if chain is not None:
                chain.end(report)
            chain = _Chain(row)
        if row["number"] is not None:
            chain.add(row)
            report.count("audit rows")
    if chain is not None:
        chain.end(report)
