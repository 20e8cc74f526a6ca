"""What the database itself refuses, whoever asks, and that it knows the same words as the code."""

# ruff: noqa: E501 - the table is read line by line

import re

import asyncpg
import pytest
from building import a_record, a_signal, an_event, the_transfer

from bridge.domain.decision import TransferKind, Verdict
from bridge.domain.delivery import DELIVERY_ENDS, DeliveryState
from bridge.domain.signal import SignalKind
from bridge.domain.transfer_table import ENDS, HOLDING, WAITING, State
from bridge.errors import LedgerRefusedError
from bridge.metrics import RULES

LISTS = [
    ("transfer", "transfer_state_check", set(State)),
    ("transfer", "transfer_kind_check", set(TransferKind)),
    ("transfer", "transfer_waits_have_deadlines", set(ENDS)),
    ("decision", "decision_verdict_check", set(Verdict)),
    ("outbox", "outbox_state_check", set(DeliveryState)),
    ("shadow_decision", "shadow_decision_verdict_check", set(Verdict)),
    ("shadow_decision", "shadow_decision_live_verdict_check", set(Verdict)),
    ("policy_version", "policy_version_part_check", set(RULES)),
]


@pytest.mark.parametrize(("table", "constraint", "words"), LISTS, ids=[name for _, name, _ in LISTS])
async def test_the_database_lists_the_words_of_the_domain(sql, table, constraint, words):
    text = await sql.fetchval(
        "select pg_get_constraintdef(oid) from pg_constraint where conrelid = $1::regclass and conname = $2",
        table,
        constraint,
    )
    assert set(re.findall(r"'(\w+)'", text)) == words


@pytest.mark.parametrize(
    ("column", "words"),
    [("ended", set(ENDS)), ("holder", {*HOLDING, State.CLOSED, State.RETURNED, "911"})],
)
async def test_the_database_derives_what_the_domain_derives(sql, column, words):
    text = await sql.fetchval(
        "select pg_get_expr(adbin, adrelid) from pg_attrdef join pg_attribute on attrelid = adrelid and"
        " attnum = adnum where adrelid = 'transfer'::regclass and attname = $1",
        column,
    )
    assert set(re.findall(r"'(\w+)'", text)) == words


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ("transfer_one_waits", set(WAITING)),
        ("transfer_one_holds", set(HOLDING)),
        ("outbox_waiting", set(DeliveryState) - DELIVERY_ENDS),
        ("outbox_order", set(DeliveryState) - DELIVERY_ENDS),
    ],
)
async def test_partial_indexes_are_of_the_states_that_they_mean(sql, index, words):
    text = await sql.fetchval(
        "select pg_get_expr(indpred, indrelid) from pg_index where indexrelid = $1::regclass", index
    )
    assert set(re.findall(r"'(\w+)'", text)) == words


REFUSED = [
    ("transfer_one_waits", "insert into transfer (transfer_id, incident_key, destination, kind, state, attempt,"
     " deadline, budget_until, created_at, state_since) select 'x', incident_key, 'other', kind, 'offered', 2,"
     " deadline, budget_until, created_at, state_since from transfer where not ended"),
    ("transfer_waits_have_deadlines", "update transfer set deadline = null where not ended"),
    ("transfer_waits_have_deadlines", "update transfer set deadline = clock_timestamp() where ended"),
    ("transfer_ends_stay", "update transfer set state = 'offered', deadline = clock_timestamp() where ended"),
    ("transfer_state_check", "update transfer set state = 'lost', deadline = clock_timestamp() where not ended"),
    ("transfer_incident_key_fkey", "update transfer set incident_key = 'nobody'"),
    ("audit_is_append_only", "update audit set holder = '911'"),
    ("audit_is_append_only", "delete from audit"),
    ("audit_is_append_only", "truncate audit"),
    ("audit_pkey", "insert into audit select * from audit"),
    ("inbox_event_applied_once", "insert into inbox select topic, partition, record_offset + 100, event_key,"
     " outcome, digest, faults, lane, produced_at from inbox"),
    ("inbox_pkey", "insert into inbox select * from inbox"),
    ("inbox_outcome_check", "update inbox set outcome = 'lost'"),
    ("decision_pkey", "insert into decision select * from decision"),
    ("decision_clauses_check", "update decision set clauses = '{}', weights = '{}'"),
    ("decision_check", "update decision set weights = '{}'"),
    ("decision_first_has_an_event", "update decision set topic = null"),
    ("decision_first_has_an_event", "update decision set screening = 2"),
    ("decision_screening_check", "update decision set screening = 0, topic = null, partition = null,"
     " record_offset = null, produced_at = null"),
    ("outbox_pkey", "insert into outbox select * from outbox"),
    ("outbox_leases_end", "update outbox set state = 'leased', lease_until = null"),
    ("outbox_state_check", "update outbox set state = 'lost'"),
    ("incident_version_check", "update incident set version = -1"),
    ("rules_version_digest_is_of_content", "insert into rules_version (digest, content) values ('x', 'y')"),
    ("rules_loaded_digest_fkey", "insert into rules_loaded (lane, worker, digest) values ('a', 'a-1', 'x')"),
    *(("rules_are_append_only", f"{change} {table}{more}") for table in
      ("rules_version", "policy_version", "rules_loaded") for change, more in
      (("update", " set digest = ''"), ("delete from", ""), ("truncate", " cascade"))),
    ("position_next_offset_check", "update position set next_offset = -1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("guard", "statement"), REFUSED, ids=[f"{guard} {n}" for n, (guard, _) in enumerate(REFUSED)]
)
async def test_a_row_that_contradicts_itself_is_refused(guarded, guard, statement):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        async with guarded.transaction():
            await guarded.execute(statement)
    assert refused.value.constraint_name == guard


@pytest.fixture
async def guarded(lane, sql):
    """A ledger with a transfer that ended and one under way."""
    await lane.reads(a_record(an_event(), 0), a_record(an_event("INV-2", "e2"), 1))
    await lane.hears_in_turn(a_signal(SignalKind.WITHDRAWN))
    return sql


async def test_a_refusal_names_the_guard_and_not_the_row(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await sql.execute("alter table transfer add constraint only_one_call check (attempt < 2)")
    with pytest.raises(LedgerRefusedError) as refused:
        await lane.hears_in_turn(a_signal(SignalKind.DECLINED))
    assert str(refused.value) == "the ledger's guard 'only_one_call' refused a write (SQLSTATE 23514)"
    assert (
        await sql.fetchval("select state from transfer where transfer_id = $1", the_transfer()) == "offered"
    )
