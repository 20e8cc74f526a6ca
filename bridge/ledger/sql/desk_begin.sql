-- One request at a time under one idempotency key: whoever does not get the lock is in flight already.
-- $1 speaker  $2 idempotency key
with mine as (select pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 911)) as locked)
select mine.locked, nextval('desk_number') as number, clock_timestamp() as now,
       a.request, a.status, a.body, a.data_key, a.key_id
from mine left join desk_answer a on mine.locked and a.key_name = $1 and a.idempotency = $2
