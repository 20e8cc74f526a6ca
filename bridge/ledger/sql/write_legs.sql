-- Legs as a turn left them.
insert into leg (leg_id, incident_key, kind, mode, why, state, asked_by, clause, unit_id, requested_at, state_since,
                 deadline, assigned_at, en_route_at, staged_at, on_scene_at, ended_at, scene_safe_at, violation, late,
                 practice)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
                     $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[],
                     $18::timestamptz[], $19::boolean[], $20::boolean[], $21::boolean[])
on conflict (leg_id) do update set
    kind = excluded.kind, mode = excluded.mode, state = excluded.state, unit_id = excluded.unit_id,
    state_since = excluded.state_since, deadline = excluded.deadline, assigned_at = excluded.assigned_at,
    en_route_at = excluded.en_route_at, staged_at = excluded.staged_at, on_scene_at = excluded.on_scene_at,
    ended_at = excluded.ended_at, scene_safe_at = excluded.scene_safe_at, violation = excluded.violation,
    late = excluded.late
