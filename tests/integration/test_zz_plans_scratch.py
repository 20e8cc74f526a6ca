"""Scratch: plan of the due query, cost of a turn before/after, and the migration on a million decisions."""
import asyncio, sys, time, statistics, uuid
sys.path.insert(0, "tests")
import asyncpg
from bridge.ledger.migrate import migrations, migrate
from bridge.ledger.statements import statement

async def test_plans(world):
    name = f"again_{uuid.uuid4().hex[:8]}"
    world.postgres.create_database(name); dsn = world.postgres.dsn(name)
    try:
        sql = await asyncpg.connect(dsn)
        steps = migrations()
        await sql.execute("create table migration (number int primary key, name text not null, sha256 bytea not null, applied_at timestamptz not null default clock_timestamp())")
        for s in steps[:2]:
            await sql.execute(s.text); await sql.execute("insert into migration values ($1,$2,$3)", s.number, s.name, s.sha256)
        await sql.execute("insert into decision (incident_key,version,verdict,clauses,weights,policy,policy_version,policy_digest,topic,partition,record_offset,lane,produced_at,decided_at) select 'agency.example/' || n/3, 1+n%3, 'keep', '{x,y}', '{open,for}', 'p', '1', '', 'cad.events', 0, n, 'a', now(), now() from generate_series(0, 999999) n")
        await sql.execute("insert into incident (incident_key,agency,incident_id,version,data_key,snapshot) select 'agency.example/' || n, 'agency.example', n::text, 3, 'x', repeat('x', 600)::bytea from generate_series(0, 333333) n")
        await sql.execute("insert into transfer (transfer_id,incident_key,destination,kind,state,attempt,budget_until,created_at,state_since) select 't'||n, 'agency.example/' || n, 'd','data','closed',1,now(),now(),now() from generate_series(0, 200000) n"); await sql.execute("insert into transfer (transfer_id,incident_key,destination,kind,state,attempt,budget_until,created_at,state_since,deadline) select 'u'||n, 'agency.example/' || n, 'd','data','held',1,now(),now(),now(),now() from generate_series(250000, 250300) n")
        t=time.perf_counter(); await migrate(dsn); print("migrate 1M decisions, 333k incidents:", round(time.perf_counter()-t,2), "s")
        # settled ones stay in the past; some wait in the future; a few due
        await sql.execute("update incident set again_at = now() - interval '1 day', settled = true where incident_id::int % 3 = 0")
        await sql.execute("update incident set again_at = now() + interval '10 min' where incident_id::int % 1000 = 1")
        await sql.execute("update incident set again_at = now() - interval '1 s' where incident_id::int in (7, 10, 13)")
        await sql.execute("vacuum analyze")
        for row in await sql.fetch("explain (analyze, buffers) " + statement("lock_waiting_incidents").replace("$1","50")): print(row[0])
        await sql.close()
    finally:
        world.postgres.drop_database(name)
