-- Calls that still wait at 911, and that were not offered to somebody who is back, are screened again at once. One
-- that had no room is asked a second time when it has said its state since. Calls of the last hour only: by then 911
-- has gone there. $1 destinations that can be asked now  $2 reasons of having no room  $3 at most
with back as (
    select i.incident_key, array(
        select t.destination from transfer t join presence p using (destination)
        where t.incident_key = i.incident_key and t.destination = any($1::text[])
          and t.state = 'declined' and t.reason = any($2::text[]) and p.stated_at > t.state_since
          and not exists (select from transfer later where later.incident_key = t.incident_key
                          and later.destination = t.destination and later.attempt > t.attempt)) as has_room
    from incident i
    where i.passed_over <> '{}' and i.first_seen_at > clock_timestamp() - interval '1 hour'
      and i.passed_over && $1::text[] and not i.settled and i.data_key is not null and i.holder = '911'
      and (i.budget_until is null or i.budget_until > clock_timestamp())
      and (i.again_at is null or i.again_at > clock_timestamp())
      and not exists (select from transfer t where t.incident_key = i.incident_key and t.deadline is not null)
    order by i.first_seen_at limit $3
    for update skip locked
)
update incident i set
    again_at = clock_timestamp(),
    asked = array(select one from unnest(i.asked) with ordinality as a (one, number)
                  where one <> all(back.has_room) order by number)
from back
where i.incident_key = back.incident_key
  and exists (select from unnest(i.passed_over) as one
              where one = any($1::text[]) and (one <> all(i.asked) or one = any(back.has_room)))
