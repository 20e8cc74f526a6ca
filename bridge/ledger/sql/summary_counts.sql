-- What happened so far, counted: (what, name, count). Ways in and what officers refer: by the first decision.
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
        select least(l.incident_key, (select min(linked_key) from incident_link r
                                      where r.incident_key = l.incident_key)) as tandem, kind, mode, on_scene_at
        from leg l where not practice and on_scene_at is not null) l
    order by tandem, on_scene_at) first group by 2
union all select 'holders', holder, count(*) from incident group by 2
order by 1, 3 desc, 2
