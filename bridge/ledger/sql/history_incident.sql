-- $1 incident key
select * from incident where incident_key = $1
