-- Keeps records that could not be read and have no row yet; answers the ordinals kept.
-- $1 topics $2 partitions $3 offsets $4 reasons $5 lengths $6 sha256 $7 data keys $8 key id $9 contents $10 whole
-- $11 produced_at $12 lane
with record as (
    select * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bigint[], $6::bytea[], $7::bytea[],
                         $9::bytea[], $10::boolean[], $11::timestamptz[])
        with ordinality as r (topic, partition, record_offset, reason, length, sha256, data_key, content, whole,
                              produced_at, ordinal)
), kept as (
    insert into quarantine (topic, partition, record_offset, reason, length, sha256, data_key, key_id, content,
                            whole, lane, produced_at)
    select topic, partition, record_offset, reason, length, sha256, data_key, $8, content, whole, $12, produced_at
    from record r
    where not exists (  -- the other lane could read it
        select from inbox i
        where i.topic = r.topic and i.partition = r.partition and i.record_offset = r.record_offset)
    order by topic, partition, record_offset
    on conflict do nothing
    returning topic, partition, record_offset
)
select r.ordinal from kept join record r using (topic, partition, record_offset) order by r.ordinal
