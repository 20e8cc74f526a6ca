-- $1 incident key
select i.*, (select holder from audit a where a.incident_key = i.incident_key order by number desc limit 1) as holder
from incident i where incident_key = $1
