-- Incidents that are one happening, seen from both. $1 incident keys $2 the other's $3 now
insert into incident_link (incident_key, linked_key, linked_at)
select incident_key, linked_key, $3 from unnest($1::text[], $2::text[]) as r (incident_key, linked_key)
on conflict do nothing
