-- $1 incident key
select a.*, t.destination from audit a left join transfer t using (transfer_id)
where a.incident_key = $1 order by a.number
