-- How often the present version of each of these incidents was screened. $1 incident keys
select incident_key, count(*) as screenings
from incident join decision using (incident_key, version)
where incident_key = any($1::text[]) group by incident_key
