-- What happened so far, counted: (what, name, count). Ways in and what officers refer: by the first decision.
-- Incidents count that were first heard of since $1 (null: all of them), and practice never does.
with incident as (
    select * from incident where not practice and first_seen_at >= coalesce($1::timestamptz, '-infinity')
), decision as (select d.* from decision d join incident using (incident_key)
), transfer as (select t.* from transfer t join incident using (incident_key)
), leg as (select l.* from leg l join incident using (incident_key)
), consult as (select c.* from consult c join incident using (incident_key)
), rescue as (select r.* from rescue r join incident using (incident_key)
), outbox as (select o.* from outbox o join incident using (incident_key)
), inbox as (select * from inbox where received_at >= coalesce($1::timestamptz, '-infinity')
), quarantine as (select * from quarantine where received_at >= coalesce($1::timestamptz, '-infinity')
), latest as (select distinct on (incident_key) * from transfer order by incident_key, attempt desc
)
select 'events' as what, outcome as name, count(*) as count from inbox group by outcome
union all select 'quarantined', reason, count(*) from quarantine group by reason
union all select 'verdicts', verdict, count(*) from decision group by verdict
union all select 'clauses', clause || ' ' || weight, count(*)
    from decision, unnest(clauses, weights) as spoke (clause, weight) group by 2
union all select 'transfers', state, count(*) from transfer group by state
union all select 'messages', carries || ' ' || state, count(*) from outbox group by 2
union all select 'ways in', d.channel || ' ' || d.verdict, count(*)
    from decision d join incident i using (incident_key)
    where d.version = 1 and d.screening = 1 and not i.practice group by 2
union all select 'officers refer', d.referred_type || ' ' || d.verdict, count(*)
    from decision d join incident i using (incident_key)
    where d.version = 1 and d.screening = 1 and not i.practice and d.referred_type is not null group by 2
union all select 'begun at', opened_by, count(*) from incident where opened_by <> '' and not practice group by 2
union all select 'rescues', state, count(*) from rescue where not practice group by 2
union all select 'legs', kind || ' ' || mode || ' ' || why, count(*) from leg where not practice group by 2
union all select 'legs by clause', clause, count(*) from leg where not practice and clause <> '' group by 2
union all select 'legs by why', why, count(*) from leg where not practice group by 2
union all select 'legs not needed', kind || ' ' || mode, count(*) from leg
    where not practice and on_scene_at is null and state in ('cancelled', 'cleared') group by 2
union all select 'legs before scene safe', mode, count(*) from leg where not practice and violation group by 2
union all select 'first on scene', kind || ' ' || mode, count(*) from (
    select distinct on (tandem) kind, mode from (
        select least(l.incident_key, (select min(linked_key) from linked r
                                      where r.incident_key = l.incident_key)) as tandem, kind, mode, on_scene_at
        from leg l where not practice and on_scene_at is not null) l
    order by tandem, on_scene_at) first group by 2
union all select 'recalls', coalesce(nullif(reason, ''), 'no reason given'), count(*)
    from transfer where state = 'recalled' group by 2
union all select 'returns', coalesce(nullif(a.reason, ''), 'no reason given'), count(*)
    from transfer t join lateral (
        select reason from audit where incident_key = t.incident_key and transfer_id = t.transfer_id
            and to_state = 'returning' and from_state <> 'returning' order by number desc limit 1) a on true
    where t.state = 'returned' group by 2
union all select 'handed on', destination, count(*) from transfer where outcome = 'handed_on' group by 2
union all select 'warmth', warmth, count(*) from transfer where warmth is not null group by 2
union all select 'outcomes', split_part(outcome, ':', 1), count(*) from transfer where outcome <> '' group by 2
union all select 'consults', state, count(*) from consult group by 2
union all select 'tandems', mode || ' ' || why, count(*) from (
    -- As its first leg beside the responders says.
    select distinct on (incident_key) mode, why from leg l where kind <> 'community' and exists (
        select from leg c where c.incident_key = l.incident_key and c.kind = 'community'
        union all select from transfer t where t.incident_key = l.incident_key)
    order by incident_key, requested_at) first group by 2
-- Of 911's own calls: who had it last closed it, and no police or EMS leg was ever sent. One that was handed on counts once.
union all select 'diversions', case
        when split_part(outcome, ':', 1) = 'co_notification' then 'co-notification'
        when exists (
            select from leg l
            where (l.incident_key = t.incident_key or l.incident_key in (
                      select linked_key from linked r where r.incident_key = t.incident_key))
              and l.kind in ('police', 'ems') and l.assigned_at is not null) then 'police or EMS came'
        else 'successful' end, count(*)
    from latest t join incident i using (incident_key)
    where t.state = 'closed' and t.outcome <> 'handed_on' and i.opened_by = '' group by 2
union all select 'holders', holder, count(*) from incident group by 2
order by 1, 3 desc, 2
