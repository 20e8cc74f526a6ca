-- The invariants on recent rows only, at a bounded price: the last 500 offsets of each partition, and the 200
-- incidents whose transfer's deadline is nearest. One row for each invariant; 0 is well.
with recent as materialized (
    select i.* from incident i join (
        select incident_key from transfer where deadline is not null order by deadline limit 200
    ) t using (incident_key)
), reached as (
    select topic, partition, max(next_offset) as until from position group by topic, partition
)
select 1 as invariant, count(*) as rows
from reached r
join quarantine q on q.topic = r.topic and q.partition = r.partition and q.record_offset >= r.until - 500
join inbox i on i.topic = q.topic and i.partition = q.partition and i.record_offset = q.record_offset
union all
select 2, count(*)
from recent r cross join lateral (
    select count(*) filter (where screening = 1) as decisions, max(version) as last from decision d
    where d.incident_key = r.incident_key) d
where r.version <> d.decisions or r.version <> d.last
union all
select 3, count(*)
from recent r
cross join lateral (
    select count(*) filter (where deadline is not null and not holds) as asking, count(*) filter (where holds) as holding,
           (array_agg(holder) filter (where holds))[1] as holder
    from (select deadline, holder, state in ('connected', 'held', 'claimed', 'returning') as holds
          from transfer t where t.incident_key = r.incident_key) t) t
cross join lateral (
    select holder from audit a where a.incident_key = r.incident_key order by number desc limit 1) a
where t.asking > 1 or t.holding > 1 or r.holder <> a.holder or t.holder <> r.holder
union all
select 4, count(*) from (
    (select from transfer where deadline < clock_timestamp() - interval '2 seconds' limit 1000)
    union all
    (select from rescue where deadline < clock_timestamp() - interval '2 seconds' limit 1000)
    union all
    (select from leg where deadline < clock_timestamp() - interval '2 seconds' limit 1000)
    union all
    (select from consult where deadline < clock_timestamp() - interval '2 seconds' limit 1000)) late
union all
select 5, count(*)
from recent r join outbox o using (incident_key)
where o.state = 'delivered' and (o.attempts < 1 or o.answer = '' or o.closed_at is null)
union all
select 6, count(*)
from recent r cross join lateral (
    select count(distinct number) as messages, max(number) as last from outbox o
    where o.incident_key = r.incident_key) o
where r.messages <> o.messages or r.messages <> o.last
union all
select 7, count(*)
from recent r join audit a using (incident_key)
where a.reason !~ '^[A-Za-z0-9_.:/|-]{0,100}$' or a.reason ~ '\d{7}'
   or a.speaker !~ '^$|^(911|destination|bridge):[A-Za-z0-9_.:/@-]{1,200}$'
union all
select 8, count(*)
from recent r left join lateral (
    select number, hash from audit a where a.incident_key = r.incident_key order by number desc limit 1) a on true
where (r.audit_number, r.audit_head) is distinct from (coalesce(a.number, 0), coalesce(a.hash, ''))
