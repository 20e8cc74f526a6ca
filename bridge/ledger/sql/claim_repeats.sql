-- Gives a row to each record whose event id was applied from another offset: same body duplicate, other body
-- conflict. Records that already have a row (the other lane's work) are left alone.
-- $1 topics $2 partitions $3 offsets $4 event keys $5 digests $6 produced_at $7 lane
with record as (
    select * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bytea[], $6::timestamptz[])
        with ordinality as r (topic, partition, record_offset, event_key, digest, produced_at, ordinal)
), repeated as (
    insert into inbox (topic, partition, record_offset, event_key, outcome, digest, lane, produced_at)
    select r.topic, r.partition, r.record_offset, r.event_key,
           case when i.digest = r.digest then 'duplicate' else 'conflict' end, r.digest, $7, r.produced_at
    from record r join inbox i on i.event_key = r.event_key and i.outcome = 'applied'
    where not exists (
        select 1 from inbox mine
        where mine.topic = r.topic and mine.partition = r.partition and mine.record_offset = r.record_offset)
    order by r.topic, r.partition, r.record_offset
    on conflict do nothing
    returning topic, partition, record_offset, outcome
)
select r.ordinal, repeated.outcome
from repeated join record r using (topic, partition, record_offset) order by r.ordinal
