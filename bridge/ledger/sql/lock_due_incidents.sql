-- Locks incidents that have a transfer past its deadline and that nobody else is working on. $1 at most
select i.*, clock_timestamp() as now from incident i
where incident_key in (
    select incident_key from transfer where deadline <= clock_timestamp() order by deadline limit $1)
order by incident_key for update skip locked
