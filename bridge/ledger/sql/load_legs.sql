-- All legs of the incidents named. $1 incident keys
select l.*, i.agency, i.incident_id from leg l join incident i using (incident_key)
where incident_key = any($1::text[]) order by requested_at, leg_id
