-- All rescues of the incidents named. $1 incident keys
select r.*, i.agency, i.incident_id from rescue r join incident i using (incident_key)
where incident_key = any($1::text[]) order by asked_at, rescue_id
