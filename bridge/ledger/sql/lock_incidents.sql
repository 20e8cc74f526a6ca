-- Waits for and locks the incidents named, in key order. $1 incident keys
select i.*, clock_timestamp() as now from incident i where incident_key = any($1::text[])
order by incident_key for update
