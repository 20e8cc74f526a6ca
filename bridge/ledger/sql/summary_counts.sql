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
union all select 'holders', holder, count(*) from incident group by 2
order by 1, 3 desc, 2
