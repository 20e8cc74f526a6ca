-- A position only goes forward. $1 lane $2 topics $3 partitions $4 next offsets
insert into position as p (lane, topic, partition, next_offset)
select $1, topic, partition, next_offset
from unnest($2::text[], $3::int[], $4::bigint[]) as r (topic, partition, next_offset)
order by topic, partition
on conflict (lane, topic, partition) do update
    set next_offset = greatest(p.next_offset, excluded.next_offset), moved_at = clock_timestamp()
