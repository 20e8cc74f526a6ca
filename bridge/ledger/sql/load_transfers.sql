-- Of each incident the transfers that are under way, the latest, those handed on and those named: whoever handed a
-- call on hears what becomes of it. $1 incident keys $2 transfer ids
with wanted as (
    select unnest($1::text[]) as incident_key
    union
    select incident_key from transfer where transfer_id = any($2::text[])
)
select t.*, i.agency, i.incident_id
from wanted join incident i using (incident_key)
cross join lateral (
    select one.*, not one.ended or one.outcome = 'handed_on' or one.attempt = max(one.attempt) over () as kept
    from transfer one where one.incident_key = i.incident_key
) t
where t.kept or t.transfer_id = any($2::text[])
