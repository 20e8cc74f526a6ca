-- What was decided about an incident, in order. $1 incident key
select version, screening, verdict, clauses, weights, policy, policy_version, decided_at, rules_digest
from decision where incident_key = $1 order by version, screening
