"""A turn looks its rows up: what it costs grows neither with the calls of years nor with what waits just now.

PostgreSQL is asked how it would run each statement, with the settings of our pools, on a ledger full of old
calls that it has counted while almost nothing waited.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from typing import Any

import pytest

from bridge.ledger.connection import Connection, connected, open_pool
from bridge.ledger.statements import statement

FOR_PEOPLE = re.compile(r"verify_|summary_|history_|shadow_|at_rest|find_call|newest_sealed|condition")
"""Reports and checks that somebody waits for: these may read everything."""

ROUNDS = {
    "ask_again": {"incident_passed_over"},
    "claim_due_messages": {"outbox_waiting", "outbox_order"},
    "gauges": {"outbox_waiting", "outbox_order"},
    "oldest_open_transfer": {"transfer_open", "transfer_deadline"},
    "recently_broken": {
        "transfer_deadline",
        "transfer_open",
        "leg_deadline",
        "consult_deadline",
        "rescue_deadline",
    },
}
"""What is looked at now and then, and which indexes, of what waits only, that may read from end to end."""

SMALL = {"presence", "position", "desk_key", "rules_version", "rules_loaded", "policy_version"}
"""Tables that have a row for each destination, lane, key or version."""

LOOKED_THROUGH = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"}

YEARS = """
insert into incident (incident_key, agency, incident_id, version, data_key, key_id, snapshot, verdict)
select 'a/' || n, 'a', n, 1, '\\x00', 'k', '\\x00', 'offer' from generate_series(1, 5000) n;
insert into transfer (transfer_id, incident_key, destination, kind, state, attempt, budget_until, created_at,
                      offered_at, state_since)
select 't' || n, 'a/' || n, 'd' || n % 20, 'voice', 'closed', 1, now(), now(), now(), now()
from generate_series(1, 5000) n;
insert into outbox (message_id, incident_key, transfer_id, carries, kind, destination, channel, address,
                    order_key, number, record_key, headers, key_id, content, sha256, state, due_at,
                    created_at)
select 'm' || n || '-' || k, 'a/' || n, 't' || n, 'offer', 'X', 'd' || n % 20, 'kafka', 'x', 'o' || n, k,
       '', '', 'k', '', '', 'delivered', now(), now()
from generate_series(1, 5000) n, generate_series(1, 3) k;
insert into audit (incident_key, number, at, what, transfer_id, from_state, to_state, signal_id, speaker,
                   holder, clauses, reason, hash)
select 'a/' || n, k, now(), 'x', 't' || n, '', '', '', '', '911', '{}', '', '\\x00'
from generate_series(1, 5000) n, generate_series(1, 3) k;
insert into inbox (topic, partition, record_offset, event_key, outcome, digest, lane, produced_at)
select 'cad', 0, n, 'e' || n, 'applied', '\\x00', 'a', now() from generate_series(1, 10000) n;
insert into quarantine (topic, partition, record_offset, reason, length, sha256, data_key, key_id, content,
                        whole, lane, produced_at)
select 'cad', 1, n, 'empty', 0, '', '', 'k', '', true, 'a', now() from generate_series(1, 2000) n;
insert into decision (incident_key, version, screening, verdict, clauses, weights, policy, policy_version,
                      policy_digest, lane, decided_at, topic, partition, record_offset, produced_at)
select 'a/' || n, 1, 1, 'offer', '{x}', '{for}', 'p', '1', 'd', 'a', now(), 'cad', 0, n, now()
from generate_series(1, 5000) n;
insert into leg (leg_id, incident_key, kind, mode, why, state, requested_at, state_since, asked_by)
select 'l' || n, 'a/' || n, 'police', 'together', 'joint', 'cleared', now(), now(), '911'
from generate_series(1, 5000) n;
insert into passing (agency, caller_hash, transfer_id, from_holder, to_holder, at)
select 'a', sha256(n::text::bytea), 't' || n, '911', 'd1', now() from generate_series(1, 5000) n;
analyze
"""


def of_every_turn() -> Iterator[str]:
    """Every statement that is not for people; whoever adds one is held to the same."""
    for file in files("bridge.ledger").joinpath("sql").iterdir():
        name = file.name.removesuffix(".sql")
        if not FOR_PEOPLE.match(name):
            yield name


@pytest.fixture
async def old_ledger(database) -> AsyncIterator[Connection]:
    """A connection of a worker's pool to a ledger full of old calls."""
    pool = await open_pool(database, size=1, statement_timeout=30, name="test", warmed=())
    async with connected(pool) as connection:
        await connection.execute(YEARS)
        yield connection
    pool.terminate()


async def test_no_statement_of_a_turn_reads_what_it_does_not_need(old_ledger):
    needless = {}
    for name in of_every_turn():
        read = set(await read_from_end_to_end(old_ledger, statement(name)))
        needless[name] = read - ROUNDS.get(name, set())
    assert {name: read for name, read in needless.items() if read} == {}


async def test_one_that_reads_everything_would_be_found(old_ledger):
    either = "select * from transfer where incident_key = $1::text or destination = $2::text"
    assert await read_from_end_to_end(old_ledger, either)


async def read_from_end_to_end(connection: Connection, text: str) -> list[str]:
    """The indexes, or tables, that the statement's plan has no condition for."""
    nothing = ", ".join(["null"] * max(map(int, re.findall(r"\$(\d+)", text)), default=0))
    await connection.execute(f"prepare asked as {text}")
    plan = await connection.fetchval(
        f"explain (format json) execute asked {f'({nothing})' if nothing else ''}"
    )
    await connection.execute("deallocate asked")
    return [
        node.get("Index Name") or node["Relation Name"]
        for node in _nodes(json.loads(plan)[0]["Plan"])
        if node["Node Type"] in LOOKED_THROUGH
        and "Index Cond" not in node
        and node.get("Relation Name", "") not in SMALL
    ]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
