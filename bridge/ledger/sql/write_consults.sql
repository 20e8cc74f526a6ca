-- Consults as a turn left them.
insert into consult (consult_id, incident_key, destination, state, asked_at, state_since, deadline, joined_at,
                     ended_at, practice)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                     $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::boolean[])
on conflict (consult_id) do update set
    state = excluded.state, state_since = excluded.state_since, deadline = excluded.deadline,
    joined_at = excluded.joined_at, ended_at = excluded.ended_at
