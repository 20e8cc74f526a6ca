-- Incidents that are one happening, seen from both, as far as both are known. $1 incident keys $2 the other's $3 now
with written as (
    insert into incident_link (incident_key, linked_key, linked_at)
    select r.incident_key, r.linked_key, $3
    from (select * from unnest($1::text[], $2::text[]) as one (incident_key, linked_key)
          union
          select * from unnest($2::text[], $1::text[]) as other (incident_key, linked_key)) r
    join incident using (incident_key)
    where r.incident_key <> r.linked_key
    order by r.incident_key, r.linked_key
    on conflict do nothing
    returning incident_key
)
update incident set linked = true where incident_key in (select incident_key from written)
