-- How every destination says it is, and how many calls those in $1 hold or are offered. $1 destinations
select destination, p.queue, p.staffed, p.stated_wait, p.away_from, p.away_until, p.heard_at, p.stated_at, p.said_at,
       coalesce(t.open_calls, 0)::int as open_calls
from presence p full join (
    select destination, count(*) as open_calls from transfer
    where destination = any($1::text[]) and deadline is not null and not practice group by destination
) t using (destination)
