-- Every message with what opens it. A purged incident has no data key any more.
select o.message_id, o.content, o.sha256, coalesce(o.data_key, i.data_key) as data_key,
       case when o.data_key is null then i.key_id else o.key_id end as key_id
from outbox o left join incident i using (incident_key)
