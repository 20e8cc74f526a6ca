"""Invariants 5 and 6 against Kafka: what lies in a topic was stored first, and came in its order.

The other way round too: what the ledger says was delivered lies where the broker said, unless retention
took it. Records that others wrote, or that are older than this ledger, are counted. Remembers a number for
each message that one partition keeps.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import asyncpg

from bridge.ledger.record_log import LogRecord, RecordLog
from bridge.ledger.report import Report
from bridge.ledger.snapshot import Reader
from bridge.ledger.statements import statement

_OURS = "bridge/"


async def check_sent(
    ledger: Reader, latest: Reader, log: RecordLog, topics: Sequence[str], born: datetime, report: Report
) -> None:
    """Read all that `topics` keep. `latest` sees what was stored since the ledger's snapshot was taken."""
    for name in ("sent twice", "records of others", "no longer in Kafka"):
        report.count(name, 0)
    for topic in topics:
        for partition in await log.partitions(topic):
            await _Partition(topic, partition, born, report).check(ledger, latest, log)


class _Partition:
    """One partition of a topic that messages are sent to, read from its first record to its last."""

    def __init__(self, topic: str, partition: int, born: datetime, report: Report) -> None:
        self._topic = topic
        self._partition = partition
        self._born = born
        self._report = report
        self._seen: set[int] = set()
        self._twice: set[int] = set()
        self._last_number: dict[str, int] = {}

    async def check(self, ledger: Reader, latest: Reader, log: RecordLog) -> None:
        first, end = await log.reach(self._topic, self._partition)
        place = f"{self._topic}[{self._partition}]@"
        delivered = _Delivered(
            aiter(ledger.cursor(statement("verify_delivered"), self._topic, place, prefetch=1000))
        )
        missing: list[tuple[int, str]] = []
        async for records in log.read(self._topic, self._partition, first, end):
            ids = [record.message_id for record in records if record.message_id]
            rows = {row["message_id"]: row for row in await latest.fetch(statement("verify_sent"), ids)}
            for record in records:
                self._check_record(record, rows.get(record.message_id))
            lying = {record.offset: record.message_id for record in records}
            missing += await delivered.not_among(lying, records[-1].offset)
        missing += await delivered.not_among({}, None)
        kept, _ = await log.reach(self._topic, self._partition)
        for offset, message in missing:
            if offset < kept:
                self._report.count("no longer in Kafka")
            else:
                self._report.add(6, f"delivered and not in Kafka: message {message} at {place}{offset}")
        self._report.count("sent twice", len(self._twice))

    def _check_record(self, record: LogRecord, row: asyncpg.Record | None) -> None:
        self._report.count("records sent")
        where = f"{self._topic}[{self._partition}]@{record.offset}"
        if row is None:
            if record.source.startswith(_OURS) and record.produced_at >= self._born:
                self._report.add(5, f"sent and not stored: {where}")
            else:
                self._report.count("records of others")
            return
        if row["sha256"] != record.sha256:
            self._report.add(5, f"not the bytes that were stored: {where} message {record.message_id}")
        if row["attempts"] < 1:
            self._report.add(5, f"sent without a stored attempt: {where} message {record.message_id}")
        seen = hash(record.message_id)
        if seen in self._seen:
            self._twice.add(seen)
            return
        self._seen.add(seen)
        order: str = row["order_key"]
        if row["number"] < self._last_number.get(order, 0):
            self._report.add(6, f"out of order: {where} message {record.message_id}")
        self._last_number[order] = max(row["number"], self._last_number.get(order, 0))


class _Delivered:
    """The ledger's delivered messages of one partition, in the order of their offsets."""

    def __init__(self, rows: AsyncIterator[asyncpg.Record]) -> None:
        self._rows = rows
        self._next: asyncpg.Record | None = None

    async def not_among(self, lying: dict[int, str], last: int | None) -> list[tuple[int, str]]:
        """Those up to offset `last` (all that are left when it is None) that do not lie where they should."""
        missing = []
        while (row := await self._following()) is not None:
            offset, message = row["record_offset"], row["message_id"]
            if last is not None and offset > last:
                self._next = row
                break
            if lying.get(offset) != message:
                missing.append((offset, message))
        return missing

    async def _following(self) -> asyncpg.Record | None:
        row, self._next = self._next, None
        return row if row is not None else await anext(self._rows, None)
