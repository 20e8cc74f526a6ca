-- Offsets below the furthest position that have no row: [first, until). Whether a record was there, Kafka knows.
with place as (
    select topic, partition, record_offset from inbox
    union all
    select topic, partition, record_offset from quarantine
    union all
    select topic, partition, max(next_offset) from position group by topic, partition
), step as (
    select topic, partition, record_offset as until,
           lag(record_offset, 1, -1::bigint) over (partition by topic, partition order by record_offset) + 1 as first
    from place
)
select s.topic, s.partition, s.first, least(s.until, p.next_offset) as until
from step s join (
    select topic, partition, max(next_offset) as next_offset from position group by topic, partition
) p using (topic, partition)
where s.until > s.first and s.first < p.next_offset
order by s.topic, s.partition, s.first
