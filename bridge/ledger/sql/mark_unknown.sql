-- A record that was taken and speaks of something the ledger does not know. $1 topics $2 partitions $3 offsets $4 outcome
update inbox set outcome = $4
from unnest($1::text[], $2::int[], $3::bigint[]) as r (topic, partition, record_offset)
where inbox.topic = r.topic and inbox.partition = r.partition and inbox.record_offset = r.record_offset
