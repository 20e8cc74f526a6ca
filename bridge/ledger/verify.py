"""The invariants, checked on every row of the ledger and every record that Kafka still keeps.

The ledger is looked at as it was at one instant, Kafka afterwards; a running system breaks nothing by
running. Findings name rows by their ids; what is in a row is never told.
"""

from collections.abc import Collection
from datetime import datetime

from bridge.domain.signal import SignalKind
from bridge.domain.transfer_table import HOLDING, TABLE, WAITING, State
from bridge.ledger.record_log import RecordLog
from bridge.ledger.report import Report
from bridge.ledger.sealing import KeyRing
from bridge.ledger.snapshot import Reader, reader, snapshot
from bridge.ledger.statements import statement
from bridge.ledger.verify_chains import check_chains
from bridge.ledger.verify_places import check_places
from bridge.ledger.verify_seals import check_seals
from bridge.ledger.verify_sent import check_sent

_WITH_DESTINATION = HOLDING | {State.CLOSED}

MOVES_THE_HOLDER = sorted(
    {
        f"signal.{kind.value}"
        for state, row in TABLE.items()
        for kind, following in row.items()
        if (state in _WITH_DESTINATION) != (following in _WITH_DESTINATION)
    }
)
"""What the audit calls the signals that hand a call from one holder to the other."""

_MAY_STAY = (SignalKind.HUNG_UP, SignalKind.DECLINED, SignalKind.DELIVERY_FAILED)
"""Who hangs up may be called back; of several teams one may decline."""

STEPS = sorted(
    {
        (state.value, f"signal.{kind.value}", following.value)
        for state, row in TABLE.items()
        for kind, following in row.items()
    }
    | {(state.value, f"signal.{kind.value}", state.value) for state in WAITING for kind in _MAY_STAY}
)
"""The transfer's table as the audit shows it, and where a condition of it keeps the state."""


async def verify(
    dsn: str, keys: KeyRing, log: RecordLog, *, cad_topic: str, sent_to: Collection[str] = ()
) -> Report:
    """Check all invariants. `sent_to` are topics to read beside those that the ledger sent to.

    Raises LedgerLostError when PostgreSQL does not answer; what `log` raises goes through.
    """
    report = Report()
    async with snapshot(dsn) as ledger:
        born = await _check_tables(ledger, report, cad_topic)
        await check_seals(ledger, keys, report)
        await check_places(ledger, log, report)
        async with reader(dsn) as latest:
            addresses = {row["address"] for row in await ledger.fetch(statement("verify_addresses"))}
            await check_sent(ledger, latest, log, sorted(addresses | set(sent_to)), born, report)
    return report


async def verify_tables(dsn: str, *, cad_topic: str) -> Report:
    """Check what the ledger tells by itself: its rows and the audit's chains, without keys and Kafka.

    Raises LedgerLostError when PostgreSQL does not answer.
    """
    report = Report()
    async with snapshot(dsn) as ledger:
        await _check_tables(ledger, report, cad_topic)
    return report


async def _check_tables(ledger: Reader, report: Report, cad_topic: str) -> datetime:
    """Rows and chains; answers when this ledger was made."""
    now, born = await _count(ledger, report)
    await _check_rows(ledger, report, cad_topic, now)
    await check_chains(ledger, report)
    return born


async def _count(ledger: Reader, report: Report) -> tuple[datetime, datetime]:
    """The first question of the snapshot: what was counted is what will be looked at."""
    row = await ledger.fetchrow(statement("verify_counts"))
    assert row is not None, "a query without FROM answers one row"
    for name in ("records", "events", "incidents", "decisions", "transfers", "messages", "quarantined"):
        report.counts[name] = row[name]
    return row["now"], row["born"]


async def _check_rows(ledger: Reader, report: Report, cad_topic: str, now: datetime) -> None:
    """What SQL can see of each invariant by itself."""
    table = [list(column) for column in zip(*STEPS, strict=True)]
    questions: dict[int, tuple[object, ...]] = {
        1: (),
        2: (cad_topic,),
        3: (MOVES_THE_HOLDER, *table),
        4: (now,),
        5: (),
        6: (),
        7: (),
    }
    for invariant, arguments in questions.items():
        async for row in ledger.cursor(statement(f"verify_{invariant}"), *arguments, prefetch=500):
            report.add(invariant, row["broken"])
