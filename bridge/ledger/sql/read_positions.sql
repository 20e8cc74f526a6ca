-- $1 lane $2 topics $3 partitions
select topic, partition, next_offset from position
where lane = $1 and (topic, partition) in (select * from unnest($2::text[], $3::int[]))
