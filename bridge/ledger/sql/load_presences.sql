-- How every destination says it is, and how many calls those in $1 hold or are offered. $1 destinations
select destination, p.queue, p.staffed, p.stated_wait, p.away_from, p.away_until, p.heard_at, p.stated_at, p.said_at,
       coalesce(t.open_calls, 0)::int as open_calls
from presence p full join (
    select counted.destination, open.open_calls from unnest($1::text[]) as counted (destination)
    cross join lateral (
        select count(*) as open_calls from transfer t
        where t.destination = counted.destination and t.deadline is not null and not t.practice) open
    where open.open_calls > 0
) t using (destination)
