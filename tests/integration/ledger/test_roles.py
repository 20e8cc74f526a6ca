"""What the role of the workers and desks may do, beside reading and writing rows."""

from pathlib import Path

import asyncpg
import pytest

ROLES = Path(__file__).parents[3] / "deploy" / "postgres" / "roles.sql"

PASS = "insert into passing values ('a', $1, now() - $2 * interval '1 hour', 't', '911', 'line')"
ANSWER = """
insert into desk_answer (key_name, idempotency, request, status, body, data_key, key_id, made_at)
values ('k', $1, '', 200, '', '', '', now() - $2 * interval '1 hour')
"""


@pytest.fixture
async def worker(sql: asyncpg.Connection) -> asyncpg.Connection:
    await sql.execute(ROLES.read_text())
    await sql.execute("set role bridge_worker")
    return sql


async def test_it_forgets_what_is_old_and_deletes_nothing_else(worker: asyncpg.Connection) -> None:
    for number, hours in ((b"1", 30), (b"2", 1)):
        await worker.execute(PASS, number, hours)
        await worker.execute(ANSWER, number.decode(), hours)
    await worker.execute(PASS, b"3", 0)
    await worker.execute("select forget_answers(24)")
    assert [row[0] for row in await worker.fetch("select caller_hash from passing order by at")] == [
        b"2",
        b"3",
    ]
    assert [row[0] for row in await worker.fetch("select idempotency from desk_answer")] == ["2"]
    for table in ("passing", "desk_answer", "audit", "outbox"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await worker.execute(f"delete from {table}")


async def test_it_numbers_what_a_desk_hears(worker: asyncpg.Connection) -> None:
    assert await worker.fetchval("select nextval('desk_number')") > 0
