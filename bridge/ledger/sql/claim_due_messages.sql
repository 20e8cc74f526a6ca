-- Leases messages that are due and that nobody is sending: first of each order, some of each destination.
-- $1 worker  $2 lease in seconds  $3 destinations to leave out  $4 at most for each destination
with waiting as (
    select distinct destination from outbox
    where state in ('pending', 'leased', 'retry') and destination <> all($3::text[])
), due as (
    select m.message_id from waiting w cross join lateral (
        select o.message_id from outbox o
        where o.destination = w.destination and o.state in ('pending', 'leased', 'retry')
          and o.due_at <= clock_timestamp()
          and (o.lease_until is null or o.lease_until < clock_timestamp())
          and not exists (
              select 1 from outbox e
              where e.order_key = o.order_key and e.number < o.number
                and e.state in ('pending', 'leased', 'retry'))
        order by o.due_at limit $4
    ) m
), locked as (
    select message_id from outbox where message_id in (select message_id from due)
    for update skip locked
)
update outbox o set
    state = 'leased', leased_by = $1, lease_until = clock_timestamp() + make_interval(secs => $2::float8),
    attempts = o.attempts + 1
from locked l
where o.message_id = l.message_id
  and o.state in ('pending', 'leased', 'retry')
  and (o.lease_until is null or o.lease_until < clock_timestamp())
returning o.message_id, o.incident_key, o.transfer_id, o.carries, o.kind, o.destination, o.channel, o.address,
          o.order_key, o.number, o.record_key, o.headers, o.content, o.attempts, o.key_id,
          coalesce(o.data_key, (select data_key from incident where incident_key = o.incident_key)) as data_key
