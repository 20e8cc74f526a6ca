-- Rescues as a turn left them.
insert into rescue (rescue_id, incident_key, destination, state, asked_at, state_since, deadline, taken_at, sent_at,
                    found_at, ended_at, practice)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                     $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[],
                     $11::timestamptz[], $12::boolean[])
on conflict (rescue_id) do update set
    state = excluded.state, state_since = excluded.state_since, deadline = excluded.deadline,
    taken_at = excluded.taken_at, sent_at = excluded.sent_at, found_at = excluded.found_at,
    ended_at = excluded.ended_at
