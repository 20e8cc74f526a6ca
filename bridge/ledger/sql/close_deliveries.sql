-- What came of attempts. A message that somebody else delivered meanwhile stays delivered.
-- $1 worker $2 message ids $3 attempt numbers $4 states $5 answers $6 seconds until the next try
with result as (
    select * from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::float8[])
        as r (message_id, number, state, answer, again_in)
), failed as (
    insert into attempt (message_id, number, made_by, result, answer)
    select message_id, number, $1, state, answer from result where state <> 'delivered'
    on conflict do nothing
)
update outbox o set
    state = case when r.state = 'retry' and o.give_up_at <= clock_timestamp() then 'dead' else r.state end,
    answer = r.answer,
    due_at = case when r.state = 'retry' then clock_timestamp() + make_interval(secs => r.again_in) else o.due_at end,
    lease_until = null,
    closed_at = case when r.state = 'retry' and (o.give_up_at is null or o.give_up_at > clock_timestamp())
                     then null else clock_timestamp() end
from result r
where o.message_id = r.message_id
  and (o.state in ('leased', 'retry') or (r.state = 'delivered' and o.state = 'pending'))
  and (r.state = 'delivered' or o.leased_by = $1)
returning o.message_id, o.state, o.destination, o.carries, o.kind, o.transfer_id, o.incident_key
