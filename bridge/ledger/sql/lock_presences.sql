-- Locks what is known of these destinations, and begins it where nothing is. $1 destinations
insert into presence (destination) select unnest($1::text[]) as destination order by destination
on conflict (destination) do update set destination = excluded.destination
returning *, 0 as open_calls
