-- What waits, and since when (seconds since 1970; 0: nothing). One row for each destination with waiting messages.
select destination, count(*) as rows, extract(epoch from min(created_at))::float8 as oldest
from outbox where state in ('pending', 'leased', 'retry') group by destination
