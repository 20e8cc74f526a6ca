-- The CAD events of an incident, with the version that each made; repetitions that were left alone come with version null.
-- $1 incident key
select i.topic, i.partition, i.record_offset, i.event_key, i.outcome, i.faults, i.lane, i.produced_at, i.received_at,
       d.version
from inbox i left join decision d
    on d.topic = i.topic and d.partition = i.partition and d.record_offset = i.record_offset and d.incident_key = $1
where i.event_key in (
    select first.event_key from decision d join inbox first using (topic, partition, record_offset)
    where d.incident_key = $1)
order by i.received_at, d.version
