-- How often the shadow said what, and what was decided, since $1.
select policy, policy_version, live_verdict, verdict, count(*) as decisions
from shadow_decision where decided_at >= $1
group by 1, 2, 3, 4 order by 1, 2, 5 desc, 3, 4
