-- $1 incident key
select o.*, coalesce(o.data_key, i.data_key) as opens_with,
       case when o.data_key is null then i.key_id else o.key_id end as opens_with_id
from outbox o join incident i using (incident_key) where incident_key = $1 order by o.number
