-- What destinations said of themselves, as a turn left it.
update presence p set
    queue = r.queue, staffed = r.staffed, stated_wait = r.stated_wait, away_from = r.away_from,
    away_until = r.away_until, heard_at = r.heard_at, stated_at = r.stated_at, said_at = r.said_at
from unnest($1::text[], $2::text[], $3::boolean[], $4::float8[], $5::timestamptz[], $6::timestamptz[],
            $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
    as r (destination, queue, staffed, stated_wait, away_from, away_until, heard_at, stated_at, said_at)
where p.destination = r.destination
