-- Records whose event id was applied from another offset. The same body is a duplicate and gets its inbox row;
-- another body is a conflict and is answered for quarantine. Records that have a row (the other lane's work)
-- are left alone.
-- $1 topics $2 partitions $3 offsets $4 event keys $5 digests $6 produced_at $7 lane
with record as (
    select * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bytea[], $6::timestamptz[])
        with ordinality as r (topic, partition, record_offset, event_key, digest, produced_at, ordinal)
), repeated as (
    select r.*, i.digest = r.digest as same
    from record r join inbox i on i.event_key = r.event_key and i.outcome = 'applied'
    where not exists (
        select 1 from inbox mine
        where mine.topic = r.topic and mine.partition = r.partition and mine.record_offset = r.record_offset)
      and not exists (
        select 1 from quarantine kept
        where kept.topic = r.topic and kept.partition = r.partition and kept.record_offset = r.record_offset)
), duplicates as (
    insert into inbox (topic, partition, record_offset, event_key, outcome, digest, lane, produced_at)
    select topic, partition, record_offset, event_key, 'duplicate', digest, $7, produced_at
    from repeated where same order by topic, partition, record_offset
    on conflict do nothing
)
select ordinal, case when same then 'duplicate' else 'conflict' end as outcome from repeated order by ordinal
