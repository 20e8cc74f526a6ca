"""Each invariant: a ledger where it is broken is told apart from one where nothing is, and the row is named.

One busy evening is recorded once, through real Kafka; each case breaks a copy of it behind the guards' back.
"""

# ruff: noqa: E501 - the table is read line by line

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg
import pytest
from building import CANARIES, KEYS, the_incident, the_message, the_transfer
from town import a_busy_evening, a_town, verified

from bridge.cli import verify as command
from bridge.ledger.sealing import KeyRing
from bridge.ledger.verify import MOVES_THE_HOLDER
from bridge.settings import Kafka

if TYPE_CHECKING:
    from bridge.sandbox.world import World

RECORDED = "ledger_recorded"

FREE_THE_AUDIT = "alter table audit disable trigger audit_is_append_only"
ACTIVE = f"transfer_id = '{the_transfer('INV-2', 2)}'"
ONE = f"incident_key = '{the_incident()}'"
WORDS = f"'{CANARIES[2]} is on the bridge'"

SEEDS = [
    (1, "both have", ["insert into quarantine select topic, partition, record_offset, 'empty', 0, '', null, 'k1', '',"
                      " true, lane, produced_at from inbox where record_offset = 2 and topic like '%cad%'"], "[0]@2"),
    (1, "no row", ["delete from inbox where topic like '%cad.events' and record_offset = 1"], "cad.events[0]@1"),
    (1, "no row", ["delete from inbox where topic like '%cad.events' and record_offset = 0"], "cad.events[0]@0"),
    (1, "no row", ["delete from quarantine"], "cad.events[0]@6"),
    (1, "ahead of Kafka", ["update position set next_offset = 999"], "@999"),
    (1, "not in Kafka", ["update position set partition = 7"], "[7]"),
    (2, "versions", ["delete from decision where version = 1 and " + ONE], the_incident()),
    (2, "event without", ["delete from decision where version = 2"], "cad.events[0]@5"),
    (2, "versions", ["update decision set version = 3 where version = 2"], the_incident()),
    (2, "screenings", ["insert into decision select incident_key, version, verdict, clauses, weights, policy,"
                       " policy_version, policy_digest, route, null, null, null, lane, null, decided_at, rules_digest,"
                       " 2 from decision where version = 1 and " + ONE], the_incident()),
    (2, "policy", ["update decision set policy_version = '' where version = 2"], "version 2"),
    (2, "reasons", ["alter table decision drop constraint decision_clauses_check",
                    "alter table decision drop constraint decision_check",
                    "update decision set clauses = '{}' where version = 2"], "version 2"),
    (2, "were not kept", ["update decision set rules_digest = 'gone' where version = 2"], "version 2"),
    (2, "without its event", ["update decision set record_offset = 99 where version = 2"], "version 2"),
    (2, "no incident", ["update decision set incident_key = 'x/y' where version = 2"], "x/y"),
    (3, "two transfers", ["drop index transfer_one_waits",
                          "insert into transfer (transfer_id, incident_key, destination, kind, state, attempt,"
                          " deadline, budget_until, created_at, state_since) select 'other', incident_key,"
                          " destination, kind, state, 3, deadline, budget_until, created_at, state_since"
                          " from transfer where " + ACTIVE], the_incident("INV-2")),
    (3, "without a signal", [FREE_THE_AUDIT, "update audit set holder = 'crisis-line' where number = 1 and " + ONE],
     the_incident() + "#1"),
    (3, "without a signal", [FREE_THE_AUDIT, "update audit set speaker = 'bridge:bridge'"
                             " where what = 'signal.voice_contact' and " + ONE], the_incident()),
    (3, "not told", ["delete from outbox where kind = 'HELD' and " + ONE], the_transfer()),
    (3, "holder is not", [f"update transfer set state = 'held' where {ACTIVE}"], the_incident("INV-2")),
    (3, "state is not", [f"update transfer set state = 'answered' where {ACTIVE}"], the_transfer("INV-2", 2)),
    (3, "table does not have", [FREE_THE_AUDIT, "update audit set what = 'signal.queued'"
                                " where what = 'signal.alerting' and " + ONE], the_incident() + "#"),
    (4, "without a deadline", ["alter table transfer drop constraint transfer_waits_have_deadlines",
                               f"update transfer set deadline = null where {ACTIVE}"], the_transfer("INV-2", 2)),
    (4, "outlasts", [f"update transfer set deadline = clock_timestamp() - interval '3 seconds' where {ACTIVE}"],
     the_transfer("INV-2", 2)),
    (5, "attempt or an answer", ["update outbox set answer = '' where number = 2 and " + ONE], the_message(2)),
    (5, "without a stored attempt", ["update outbox set attempts = 0 where number = 2 and " + ONE], the_message(2)),
    (5, "does not open", ["update outbox set content = content || '\\x00' where number = 2 and " + ONE],
     the_message(2)),
    (5, "does not open", ["update outbox o set content = p.content from outbox p where o.number = 2 and p.number = 3"
                          f" and o.{ONE} and p.{ONE}"], the_message(2)),
    (5, "not those of the hash", ["update outbox set sha256 = sha256('') where number = 2 and " + ONE],
     the_message(2)),
    (5, "not the bytes", ["update outbox set sha256 = sha256('') where number = 2 and " + ONE], the_message(2)),
    (5, "not those of the hash", ["update quarantine set sha256 = sha256('')"], "cad.events[0]@6"),
    (5, "not stored", ["delete from outbox where carries = 'quarantine'"], "bridge.quarantine[0]@0"),
    (6, "gaps", ["delete from outbox where number = 2 and " + ONE], the_incident()),
    (6, "gaps", ["update incident set messages = messages + 1 where " + ONE], the_incident()),
    (6, "no incident", ["update outbox set incident_key = 'x/y' where number = 2 and " + ONE], the_message(2)),
    (6, "not in Kafka", ["update outbox set answer = regexp_replace(answer, '@.*', '@77') where number = 2 and "
                         + ONE], the_message(2)),
    (6, "not in Kafka", ["update outbox set answer = regexp_replace(answer, '@.*', '@1') where number = 2 and "
                         + ONE], the_message(2)),
    (6, "out of order", ["update outbox set number = 90 where number = 2 and " + ONE], "crisis-line.offers[0]"),
    (6, "applied twice", ["drop index inbox_event_applied_once", "update inbox set event_key = 'x' where"
                          " topic like '%cad.events' and record_offset < 2"], "cad.events[0]@1"),
    (7, "audit row", [FREE_THE_AUDIT, f"update audit set reason = {WORDS} where number = 2 and {ONE}"],
     the_incident() + "#2"),
    (7, "audit row", [FREE_THE_AUDIT, f"update audit set reason = '{CANARIES[1]}' where number = 2 and {ONE}"],
     the_incident() + "#2"),
    (7, "audit row", [FREE_THE_AUDIT, f"update audit set speaker = {WORDS} where number = 2 and {ONE}"],
     the_incident() + "#2"),
    (7, "decision", [f"update decision set clauses = array[{WORDS}], weights = array['for'] where version = 2"],
     "version 2"),
    (7, "shadow decision", [f"insert into shadow_decision select incident_key, version, verdict, array[{WORDS}],"
                            " weights, policy, policy_version, policy_digest, verdict, decided_at from decision"
                            " where version = 2"], "version 2"),
    (7, "inbox row", [f"update inbox set faults = array[{WORDS}] where record_offset = 2 and topic like '%cad%'"],
     "cad.events[0]@2"),
    (7, "quarantine row", [f"update quarantine set reason = {WORDS}"], "cad.events[0]@6"),
    (7, "message row", ["update outbox set answer = 'said: \"he is cold\"' where number = 2 and " + ONE],
     the_message(2)),
    (7, "attempt", ["insert into attempt (message_id, number, made_by, result, answer)"
                    " values ('m', 1, 'a', 'retry', 'told 2145550100')"], "m#1"),
    (7, "is not sealed", ["update incident set snapshot = '\\xc301aa' where " + ONE], the_incident()),
    (7, "does not open", ["update quarantine set content = '\\x00'"], "cad.events[0]@6"),
    (8, "chain breaks", [FREE_THE_AUDIT, "update audit set reason = 'other' where number = 2 and " + ONE],
     the_incident() + "#2"),
    (8, "chain breaks", [FREE_THE_AUDIT, "delete from audit where number = 2 and " + ONE], the_incident() + "#3"),
    (8, "end is not", [FREE_THE_AUDIT, f"delete from audit where {ONE} and number ="
                       f" (select max(number) from audit where {ONE})"], the_incident()),
    (8, "end is not", [FREE_THE_AUDIT, f"delete from audit where {ONE}"], the_incident() + "#0"),
    (8, "end is not", ["update incident set audit_head = '' where " + ONE], the_incident()),
    (8, "no incident", [FREE_THE_AUDIT, "update audit set incident_key = 'x/y' where " + ONE], "x/y"),
]  # fmt: skip


@dataclass
class Recorded:
    """Where the evening was recorded."""

    world: "World"
    kafka: Kafka
    prefix: str


@pytest.fixture(scope="module")
def recorded(world: "World", template: str) -> Recorded:
    world.postgres.create_database(RECORDED, template=template)

    async def record() -> Recorded:
        async with a_town(world.postgres.dsn(RECORDED), world.kafka.bootstrap) as town:
            async with town.lane() as lane:
                await a_busy_evening(town, lane)
            return Recorded(world, town.kafka, town.prefix)

    return asyncio.run(record())


@pytest.fixture
def copy(recorded: Recorded) -> Iterator[str]:
    """The address of a copy of the recorded ledger. Its one open wait is made long enough for the tests."""
    name = f"ledger_{uuid.uuid4().hex[:12]}"
    recorded.world.postgres.create_database(name, template=RECORDED)
    yield recorded.world.postgres.dsn(name)
    recorded.world.postgres.drop_database(name)


async def run(dsn: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(dsn)
    later = "update transfer set deadline = clock_timestamp() + interval '1 hour' where not ended"
    for statement in [later, *statements]:
        await connection.execute(statement)
    await connection.close()


async def test_a_ledger_in_order_breaks_nothing_and_is_counted(recorded, copy):
    await run(copy, [])
    report = await verified(copy, recorded.kafka, recorded.prefix)
    assert report.broken == {}
    assert report.counts["records sent"] == report.counts["messages"] > 20
    expected = {
        "events": 5,
        "decisions": 5,
        "incidents": 4,
        "transfers": 4,
        "quarantined": 1,
        "sent twice": 0,
    }
    assert {name: report.counts[name] for name in expected} == expected
    assert list(command.lines_of(report))[:2] == [
        "1 ok  every record read has one row",
        "2 ok  every version has its decision",
    ]
    assert command.json_of(report).startswith('{"ok": true, "broken": {}, "counts": {')


@pytest.mark.parametrize(
    ("invariant", "what", "statements", "row"),
    SEEDS,
    ids=[f"{invariant} {what} {number}" for number, (invariant, what, _, _) in enumerate(SEEDS)],
)
async def test_what_is_broken_is_named(recorded, copy, invariant, what, statements, row):
    await run(copy, statements)
    report = await verified(copy, recorded.kafka, recorded.prefix)
    named = report.broken.get(invariant, [])
    assert any(what in line and row in line for line in named), report.broken
    told = "\n".join(command.lines_of(report)) + command.json_of(report)
    assert f"{invariant} BROKEN {report.found[invariant].rows}" in told
    assert not any(canary in told for canary in CANARIES)


async def test_a_key_that_is_not_the_ledgers_opens_nothing(recorded, copy, monkeypatch):
    await run(copy, [])
    monkeypatch.setattr("town.KEYS", KeyRing({"k1": b"x" * 32}, "k1"))
    report = await verified(copy, recorded.kafka, recorded.prefix)
    assert report.found[5].rows == report.counts["messages"]
    assert report.found[7].rows == report.counts["incidents"] + report.counts["quarantined"]


async def test_a_purged_call_is_counted_and_breaks_nothing(recorded, copy):
    await run(copy, ["update incident set data_key = null where " + ONE])
    report = await verified(copy, recorded.kafka, recorded.prefix)
    assert report.broken == {} and report.counts["purged"] > 1


def test_only_contact_claims_and_a_taken_return_move_a_call():
    assert MOVES_THE_HOLDER == ["signal.claimed", "signal.return_taken", "signal.voice_contact"]
    assert KEYS is not None
