-- Locks incidents of which something is past its deadline, and that nobody else is working on. $1 at most
select i.*, clock_timestamp() as now from incident i
where incident_key in (
    select incident_key from (
        (select incident_key, deadline from transfer where deadline <= clock_timestamp() order by deadline limit $1)
        union all
        (select incident_key, deadline from leg where deadline <= clock_timestamp() order by deadline limit $1)
        union all
        (select incident_key, deadline from consult where deadline <= clock_timestamp() order by deadline limit $1)
        union all
        (select incident_key, deadline from rescue where deadline <= clock_timestamp() order by deadline limit $1)
    ) due order by deadline limit $1)
order by incident_key for update skip locked
