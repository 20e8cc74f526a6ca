-- Of each incident the transfers that are under way, the latest, those handed on and those named: whoever handed a
-- call on hears what becomes of it. $1 incident keys $2 transfer ids
select t.*, i.agency, i.incident_id
from (
    select *, not ended or outcome = 'handed_on' or attempt = max(attempt) over (partition by incident_key) as kept
    from transfer
    where incident_key = any($1::text[])
       or incident_key in (select incident_key from transfer where transfer_id = any($2::text[]))
) t join incident i using (incident_key)
where t.kept or t.transfer_id = any($2::text[])
