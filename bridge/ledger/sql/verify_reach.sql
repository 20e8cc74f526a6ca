-- How far the ledger says that each partition goes: the furthest position, and the row after the last one.
select topic, partition, max(next_offset) as until
from (
    select topic, partition, next_offset from position
    union all
    select topic, partition, max(record_offset) + 1 from inbox group by topic, partition
    union all
    select topic, partition, max(record_offset) + 1 from quarantine group by topic, partition
) as said
group by topic, partition order by topic, partition
