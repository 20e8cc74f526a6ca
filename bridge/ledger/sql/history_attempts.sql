-- Attempts that did not deliver. $1 incident key
select a.* from attempt a join outbox o using (message_id) where o.incident_key = $1 order by a.ended_at
