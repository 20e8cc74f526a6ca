-- What happened to a call, in codes. $1 incident key  $2 the destination whose transfers alone are told, or null
select a.at, a.what, a.transfer_id, a.from_state, a.to_state, a.speaker, a.said_at, a.holder, a.reason, a.number
from audit a
where a.incident_key = $1
  and ($2::text is null or (
      select t.destination = $2 or $2 = any(t.teams) from transfer t where t.transfer_id = a.transfer_id))
order by a.number
