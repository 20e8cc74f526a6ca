-- Measured intervals in milliseconds: (name, count, p50, p99, worst). Of incidents first heard of since $1 (null: of
-- all), and never of practice.
with incident as (
    select * from incident where not practice and first_seen_at >= coalesce($1::timestamptz, '-infinity')
), decision as (select d.* from decision d join incident using (incident_key)
), transfer as (select t.* from transfer t join incident using (incident_key)
), leg as (select l.* from leg l join incident using (incident_key)
), rescue as (select r.* from rescue r join incident using (incident_key)
), outbox as (select o.* from outbox o join incident using (incident_key)
), audit as (select a.* from audit a join incident using (incident_key)
), step as (
    select transfer_id, to_state, from_state, at from audit
    where transfer_id <> '' and from_state <> to_state and what like 'signal.%'
), side as (
    -- Each kind that came, of one happening: two CADs have an incident each.
    select least(l.incident_key, (select min(linked_key) from linked r where r.incident_key = l.incident_key))
               as happening,
           kind, min(assigned_at) as assigned, min(on_scene_at) as there, max(clause) as clause, max(mode) as mode
    from leg l where not practice group by 1, 2
), tandem as (
    select happening, max(clause) as clause, (array_agg(mode order by assigned))[2] as mode,
           (array_agg(assigned order by assigned))[1] as first_assigned,
           (array_agg(assigned order by assigned))[2] as second_assigned,
           (array_agg(there order by there))[1] as first_there, (array_agg(there order by there))[2] as second_there
    from side group by happening having count(*) > 1
), measured as (
    select 'event to decision' as name, decided_at - produced_at as lasted from decision
    union all
    select 'decision to offer delivered', closed_at - created_at from outbox
    where carries = 'offer' and kind = 'OFFER' and state = 'delivered'
    union all
    select 'alerting', a.at - r.at
    from step r join step a on a.transfer_id = r.transfer_id and a.from_state = 'alerting'
    where r.to_state = 'alerting' and a.to_state in ('answered', 'connected')
    union all
    select 'queued', a.at - r.at
    from step r join step a on a.transfer_id = r.transfer_id and a.from_state = 'queued' where r.to_state = 'queued'
    union all
    select 'overlap', a.at - r.at
    from step r join step a on a.transfer_id = r.transfer_id and a.from_state = 'connected' and a.to_state = 'held'
    where r.to_state = 'connected'
    union all
    select 'transfer total', s.at - t.offered_at
    from step s join transfer t using (transfer_id)
    where s.from_state in ('offered', 'alerting', 'queued', 'answered') and s.to_state in ('connected', 'claimed')
    union all
    select 'transfer failed', s.at - t.offered_at
    from step s join transfer t using (transfer_id) where s.to_state in ('declined', 'expired', 'failed')
    union all
    select 'return', a.at - r.at
    from step r join step a on a.transfer_id = r.transfer_id and a.to_state = 'returned' where r.to_state = 'returning'
    union all
    select 'leg ' || what || ' ' || name, lasted from tandem, lateral (values
        ('pairing', second_assigned - first_assigned), ('arrival gap', second_there - first_there)) as of (what, lasted),
        lateral (select mode as name union select clause where clause <> '') as by
    union all
    select 'leg stand-by ' || mode, coalesce(on_scene_at, ended_at) - staged_at from leg where staged_at is not null
    union all
    select 'leg backup ' || mode, assigned_at - requested_at from leg where why = 'backup'
    union all
    select 'rescue taken', taken_at - asked_at from rescue
    union all
    select 'rescue help sent', sent_at - asked_at from rescue
    union all
    select 'rescue outcome', found_at - asked_at from rescue
)
select name, count(*) as count,
       percentile_cont(0.5) within group (order by extract(epoch from lasted) * 1000)::float8 as p50,
       percentile_cont(0.99) within group (order by extract(epoch from lasted) * 1000)::float8 as p99,
       max(extract(epoch from lasted) * 1000)::float8 as worst
from measured where lasted is not null group by name order by name
