-- Takes the records nobody has applied yet, without touching an incident.
-- $1 topics $2 partitions $3 offsets $4 event keys $5 digests $6 faults (joined by ',') $7 produced_at $8 lane
with record as (
    select * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bytea[], $6::text[],
                         $7::timestamptz[])
        with ordinality as r (topic, partition, record_offset, event_key, digest, faults, produced_at, ordinal)
), taken as (
    insert into inbox (topic, partition, record_offset, event_key, outcome, digest, faults, lane, produced_at)
    select topic, partition, record_offset, event_key, 'applied', digest,
           coalesce(string_to_array(nullif(faults, ''), ','), '{}'), $8, produced_at
    from record r
    where not exists (  -- the other lane could not read it, and 911 was told so
        select from quarantine q
        where q.topic = r.topic and q.partition = r.partition and q.record_offset = r.record_offset)
    order by topic, partition, record_offset
    on conflict do nothing
    returning topic, partition, record_offset
)
select r.ordinal from taken join record r using (topic, partition, record_offset) order by r.ordinal
