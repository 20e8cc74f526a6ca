-- How far the ledger says that each partition goes: the furthest position, and the row after the last one.
-- What came by HTTP has its place in `desk`, which is no topic.
select topic, partition, max(next_offset) as until
from (
    select topic, partition, next_offset from position
    union all
    select topic, partition, max(record_offset) + 1 from inbox where topic <> 'desk' group by topic, partition
    union all
    select topic, partition, max(record_offset) + 1 from quarantine group by topic, partition
) as said
group by topic, partition order by topic, partition
