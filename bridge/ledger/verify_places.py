"""Invariant 1 against Kafka: no record below the ledger's position is without a row.

Offsets without a row are usual where Kafka keeps no record: control marks of transactions, compaction,
retention. Only a record that is still there and has no row is a lost one.
"""

from bridge.ledger.record_log import RecordLog
from bridge.ledger.report import Report
from bridge.ledger.snapshot import Reader
from bridge.ledger.statements import statement


async def check_places(ledger: Reader, log: RecordLog, report: Report) -> None:
    """Ask Kafka about every gap, and whether the ledger says to have read what is not there yet."""
    there: dict[str, set[int]] = {}
    for row in await ledger.fetch(statement("verify_reach")):
        topic, partition, until = row["topic"], row["partition"], row["until"]
        if topic not in there:
            there[topic] = set(await log.partitions(topic))
        if partition not in there[topic]:
            report.add(1, f"partition is not in Kafka: {topic}[{partition}]")
        elif until > (end := (await log.reach(topic, partition))[1]):
            report.add(1, f"ledger is ahead of Kafka: {topic}[{partition}]@{until} after @{end}")
    async for row in ledger.cursor(statement("verify_gaps"), prefetch=100):
        if row["partition"] in there[row["topic"]]:
            await _check_gap(log, report, row["topic"], row["partition"], row["first"], row["until"])


async def _check_gap(
    log: RecordLog, report: Report, topic: str, partition: int, first: int, until: int
) -> None:
    kept, end = await log.reach(topic, partition)
    if kept >= until:
        return
    async for records in log.read(topic, partition, max(first, kept), min(until, end)):
        for record in records:
            report.add(1, f"record has no row: {topic}[{partition}]@{record.offset}")
