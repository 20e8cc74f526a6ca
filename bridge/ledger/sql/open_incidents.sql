-- Makes the incidents that are not there yet, and locks all of them, in key order.
-- $1 incident keys $2 agencies $3 incident ids
insert into incident as i (incident_key, agency, incident_id)
select incident_key, agency, incident_id
from unnest($1::text[], $2::text[], $3::text[]) as r (incident_key, agency, incident_id) order by incident_key
on conflict (incident_key) do update set last_seen_at = clock_timestamp()
returning i.*, clock_timestamp() as now
