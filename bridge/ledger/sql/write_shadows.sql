-- What shadow policies made of incidents that were decided. $1 decided at
insert into shadow_decision (incident_key, version, verdict, clauses, weights, policy, policy_version,
                             policy_digest, live_verdict, decided_at)
select incident_key, version, verdict, string_to_array(clauses, ','), string_to_array(weights, ','), policy,
       policy_version, policy_digest, live_verdict, $1
from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[])
    as r (incident_key, version, verdict, clauses, weights, policy, policy_version, policy_digest, live_verdict)
on conflict do nothing
