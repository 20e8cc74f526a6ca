-- All consults of the incidents named. $1 incident keys
select c.*, i.agency, i.incident_id from consult c join incident i using (incident_key)
where incident_key = any($1::text[]) order by asked_at, consult_id
