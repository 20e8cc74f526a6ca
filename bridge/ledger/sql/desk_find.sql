-- What is named in a request, if whoever asks may know of it, with its incident locked: an agency knows what is
-- its own; a destination what it was asked, or asked for. Everything else is not there.
-- $1 what it is: transfer, leg, consult, rescue, incident or message  $2 its id
-- $3 the agency that asks, or null  $4 the destination that asks, or null
with found as (
    select incident_key from transfer
    where $1 = 'transfer' and transfer_id = $2 and ($4::text is null or destination = $4 or $4 = any(teams))
    union all
    select l.incident_key from leg l
    where $1 = 'leg' and l.leg_id = $2 and ($4::text is null or exists (
        select from transfer t where t.incident_key = l.incident_key and t.destination = $4 and not t.ended))
    union all
    select incident_key from consult
    where $1 = 'consult' and consult_id = $2 and ($4::text is null or destination = $4)
    union all
    select incident_key from rescue
    where $1 = 'rescue' and rescue_id = $2 and ($4::text is null or destination = $4)
    union all
    select incident_key from incident where $1 = 'incident' and incident_key = $3 || '/' || $2
    union all
    select incident_key from outbox
    where $1 = 'message' and message_id = $2
      and ((carries = 'offer' and destination = $4) or (carries = 'return' and $4::text is null))
), visible as (
    select i.incident_key, i.agency, i.incident_id
    from incident i join found using (incident_key)
    where $3::text is null or i.agency = $3
    for update of i
)
select v.*, coalesce((
    select t.transfer_id from transfer t
    where t.incident_key = v.incident_key
      and case when $1 = 'transfer' then t.transfer_id = $2
               else $4::text is null or t.destination = $4 or $4 = any(t.teams) end
    order by t.ended, t.attempt desc limit 1), '') as transfer_id
from visible v
