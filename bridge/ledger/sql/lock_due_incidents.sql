-- Locks incidents of which something is past its deadline, and that nobody else is working on: the longest over
-- first. Beside them as many again are looked at as nine others may be working on, so that two that look at once
-- both find some. statement_timestamp() does not change within a statement, so that indexes lead. $1 at most
select i.*, clock_timestamp() as now from incident i join (
    select incident_key, min(deadline) as since from (
        (select incident_key, deadline from transfer where deadline <= statement_timestamp()
         order by deadline limit 10 * $1::int)
        union all
        (select incident_key, deadline from leg where deadline <= statement_timestamp()
         order by deadline limit 10 * $1::int)
        union all
        (select incident_key, deadline from consult where deadline <= statement_timestamp()
         order by deadline limit 10 * $1::int)
        union all
        (select incident_key, deadline from rescue where deadline <= statement_timestamp()
         order by deadline limit 10 * $1::int)
    ) over_now group by incident_key) due using (incident_key)
order by due.since, incident_key limit $1 for update of i skip locked
