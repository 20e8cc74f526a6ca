select coalesce(extract(epoch from min(created_at)), 0)::float8 from transfer where deadline is not null
