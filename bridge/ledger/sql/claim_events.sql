-- Takes the records nobody has applied yet, and locks their incidents, in key order (two lanes never deadlock).
-- $1 topics $2 partitions $3 offsets $4 event keys $5 digests $6 faults (joined by ',') $7 produced_at $8 lane
-- $9 incident keys $10 agencies $11 incident ids
-- Answers one row for each record taken: its ordinal in the arrays and the incident as it stands.
with record as (
    select * from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bytea[], $6::text[],
                         $7::timestamptz[], $9::text[], $10::text[], $11::text[])
        with ordinality as r (topic, partition, record_offset, event_key, digest, faults, produced_at,
                              incident_key, agency, incident_id, ordinal)
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
), fresh as (
    select r.ordinal, r.incident_key, r.agency, r.incident_id
    from taken join record r using (topic, partition, record_offset)
), locked as (
    insert into incident as i (incident_key, agency, incident_id)
    select distinct incident_key, agency, incident_id from fresh order by incident_key
    on conflict (incident_key) do update set last_seen_at = clock_timestamp()
    returning i.*
)
select fresh.ordinal, locked.*, clock_timestamp() as now
from fresh join locked using (incident_key)
order by fresh.ordinal
