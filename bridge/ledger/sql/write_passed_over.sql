-- Who could not be asked about a call. $1 incident keys $2 destinations of each, joined by ','
update incident i set passed_over = string_to_array(r.passed_over, ',')
from unnest($1::text[], $2::text[]) as r (incident_key, passed_over)
where i.incident_key = r.incident_key
