"""What operators see of a ledger without anybody asking for a full check."""

from dataclasses import replace

import pytest
from building import CITY_311, CRISIS_LINE, a_record, a_signal, an_event, the_incident

from bridge.domain.signal import SignalKind
from bridge.ledger.gauges import GaugeReader

BROKEN = [
    ("1", "insert into quarantine select topic, partition, record_offset, 'empty', 0, '', null, 'k1', '',"
     " true, lane, produced_at from inbox where record_offset = 0 and topic = 'cad.events'"),
    ("2", "delete from decision"),
    ("3", "update transfer set state = 'held' where not ended"),
    ("4", "update transfer set deadline = clock_timestamp() - interval '3 seconds' where not ended"),
    ("5", "update outbox set attempts = 0 where number = 1"),
    ("6", "delete from outbox where number = 2"),
    ("7", "alter table audit disable trigger audit_is_append_only;"
     "update audit set reason = 'SHE SEES SPIDERS' where number = 1"),
    ("8", "update incident set audit_head = ''"),
]  # fmt: skip


@pytest.fixture
async def busy(lane):
    """A ledger with one call under way, and one that never left 911."""
    await lane.reads(a_record(an_event(), 0), a_record(an_event("INV-2", "e2", weapon=True), 1))
    await lane.hears_in_turn(a_signal(SignalKind.DECLINED))
    return lane


def looking_again(lane):
    """The ledger as it looks to a worker that has not looked yet."""
    return replace(lane.ledger, gauge_reader=GaugeReader())


async def test_a_ledger_in_order_shows_a_nought_for_every_invariant(busy):
    gauges = await busy.ledger.gauges()
    assert gauges.broken == {str(number): 0 for number in range(1, 9)}
    assert gauges.oldest_open_transfer > 0


async def test_what_waits_to_leave_is_shown_by_destination(lane):
    lane.post.delivers = False
    await lane.reads(a_record(an_event(), 0))
    gauges = await lane.ledger.gauges()
    assert {name: rows for name, rows, _ in gauges.outbox} == {"911": 1, "status": 2, CRISIS_LINE: 1}
    assert CITY_311 not in {name for name, _, _ in gauges.outbox}


@pytest.mark.parametrize(("invariant", "statement"), BROKEN, ids=[number for number, _ in BROKEN])
async def test_a_recent_row_that_breaks_an_invariant_is_counted(busy, sql, invariant, statement):
    await sql.execute(statement)
    assert (await looking_again(busy).gauges()).broken[invariant] >= 1


async def test_the_invariants_are_looked_at_once_a_minute(busy, sql):
    await busy.ledger.gauges()
    await sql.execute("update outbox set attempts = 0 where incident_key = $1", the_incident())
    assert (await busy.ledger.gauges()).broken["5"] == 0
    assert (await looking_again(busy).gauges()).broken["5"] > 0
