-- Invariant 3: one holder, who changes by an explicit signal only, and 911 was told.
-- $1 what moves a call between holders
-- $2 $3 $4 the transfer's table: state, what was said, state that follows
with link as (
    select *, lag(holder, 1, '911') over (partition by incident_key order by number) as held_before
    from audit
), step as (
    select *, lag(to_state, 1, '') over (partition by transfer_id order by number) as state_before,
           row_number() over (partition by transfer_id order by number desc) = 1 as is_last
    from audit where what = 'transfer' or what like 'signal.%'
), cell as (
    select * from unnest($2::text[], $3::text[], $4::text[]) as c (from_state, what, to_state)
)
select 'two transfers hold or ask at once: incident ' || incident_key as broken
from transfer where not ended
group by incident_key, state in ('connected', 'held', 'claimed', 'returning') having count(*) > 1
union all
select 'holder changed without a signal: audit ' || l.incident_key || '#' || l.number
from link l left join transfer t using (transfer_id) join incident i on i.incident_key = l.incident_key
where l.holder <> l.held_before
  and not coalesce(
      (l.what = any($1) and l.signal_id <> '' and l.speaker not like 'bridge:%'
       and l.holder in ('911', t.destination))
      or (l.what = 'transfer' and l.holder in ('911', i.opened_by)), false)
union all
select '911 was not told who holds: transfer ' || l.transfer_id
from link l
where l.holder <> l.held_before and l.holder <> '911' and not exists (
    select from outbox o where o.transfer_id = l.transfer_id and o.carries = 'return'
      and o.kind in ('HELD', 'CALL_OPENED', 'AWARENESS', 'HELP'))
union all
select 'holder is not the audit''s: incident ' || i.incident_key
from incident i
left join (select distinct on (incident_key) incident_key, holder from audit
           order by incident_key, number desc) a using (incident_key)
where i.holder <> coalesce(a.holder, '911')
union all
select 'holder is not the transfer''s that holds: incident ' || i.incident_key
from incident i join transfer t using (incident_key)
where t.state in ('connected', 'held', 'claimed', 'returning') and t.holder <> i.holder
union all
select 'state is not the audit''s: transfer ' || t.transfer_id
from transfer t left join step s on s.transfer_id = t.transfer_id and s.is_last
where t.state is distinct from s.to_state
union all
select 'step that the table does not have: audit ' || s.incident_key || '#' || s.number
from step s
where s.from_state <> s.state_before
   or (s.what <> 'transfer' and not exists (
       select from cell c where (c.from_state, c.what, c.to_state) = (s.from_state, s.what, s.to_state)))
