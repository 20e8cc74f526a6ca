-- Invariant 6, what the ledger alone can tell: numbers without gaps, and nothing applied twice.
select 'message numbers have gaps: incident ' || i.incident_key as broken
from incident i left join (
    select incident_key, count(distinct number) as messages, max(number) as last
    from outbox where incident_key is not null group by incident_key
) o using (incident_key)
where i.messages <> coalesce(o.messages, 0) or i.messages <> coalesce(o.last, 0)
union all
select 'message of no incident: ' || o.message_id
from outbox o
where o.incident_key is not null and not exists (select from incident i where i.incident_key = o.incident_key)
union all
select 'applied twice: ' || topic || '[' || partition || ']@' || record_offset
from (
    select *, row_number() over (partition by event_key order by topic, partition, record_offset) as nth
    from inbox where outcome = 'applied'
) as applied
where nth > 1
