-- Where the verdicts differ, since $1: the clauses that only one of the two spoke, and which of them that was.
select s.policy, s.policy_version, spoke.side, spoke.clause, count(*) as decisions
from shadow_decision s
join decision d using (incident_key, version, decided_at)
cross join lateral (
    select 'live' as side, unnest(d.clauses) as clause except select 'live', unnest(s.clauses)
    union all
    (select 'shadow', unnest(s.clauses) except select 'shadow', unnest(d.clauses))
) as spoke
where s.decided_at >= $1 and s.verdict <> s.live_verdict
group by 1, 2, 3, 4 order by 1, 2, 5 desc, 3, 4
