-- Invariant 2: a decision for each screening of each version, with its reasons and its policy; the first one of a
-- version was made on a record that was read.
-- $1 topic of CAD events
select 'versions and decisions differ: incident ' || i.incident_key as broken
from incident i left join (
    select incident_key, count(*) filter (where screening = 1) as decisions, max(version) as last
    from decision group by incident_key
) d using (incident_key)
where i.version <> coalesce(d.decisions, 0) or i.version <> coalesce(d.last, 0)
union all
select 'screenings and decisions differ: incident ' || i.incident_key
from incident i
left join (select incident_key, count(*) as decisions from decision group by incident_key) d using (incident_key)
left join (select incident_key, count(*) as screened from audit where what = 'decided' group by incident_key) a
    using (incident_key)
where coalesce(d.decisions, 0) <> coalesce(a.screened, 0)
union all
select 'decision of no incident: ' || d.incident_key || ' version ' || d.version
from decision d where not exists (select from incident i where i.incident_key = d.incident_key)
union all
select 'decision without reasons or policy: incident ' || incident_key || ' version ' || version
from decision
where cardinality(clauses) = 0 or '' = any(clauses) or policy = '' or (policy_version = '' and policy <> 'none')
union all
select 'decision by rules that were not kept: incident ' || incident_key || ' version ' || version
from decision d
where rules_digest <> '' and not exists (select from rules_version r where r.digest = d.rules_digest)
union all
select 'event without a decision: ' || i.topic || '[' || i.partition || ']@' || i.record_offset
from inbox i
where i.topic = $1 and i.outcome = 'applied' and not exists (
    select from decision d
    where d.topic = i.topic and d.partition = i.partition and d.record_offset = i.record_offset)
union all
select 'decision without its event: incident ' || d.incident_key || ' version ' || d.version
from decision d
where screening = 1 and not exists (
    select from inbox i
    where i.topic = d.topic and i.partition = d.partition and i.record_offset = d.record_offset
      and i.outcome = 'applied')
