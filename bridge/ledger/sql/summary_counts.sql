-- What happened so far, counted: (what, name, count).
select 'events' as what, outcome as name, count(*) as count from inbox group by outcome
union all select 'quarantined', reason, count(*) from quarantine group by reason
union all select 'verdicts', verdict, count(*) from decision group by verdict
union all select 'clauses', clause || ' ' || weight, count(*)
    from decision, unnest(clauses, weights) as spoke (clause, weight) group by 2
union all select 'transfers', state, count(*) from transfer group by state
union all select 'messages', carries || ' ' || state, count(*) from outbox group by 2
union all select 'holders', holder, count(*) from incident group by 2
order by 1, 3 desc, 2
