-- Every audit row in its incident's order, with the head and the count that the incident keeps. An incident
-- without rows comes once, without a number; so do rows of no incident, without a count.
select incident_key, i.audit_head, i.audit_number, a.number, a.at, a.what, a.transfer_id, a.from_state, a.to_state,
       a.signal_id, a.speaker, a.said_at, a.holder, a.clauses, a.reason, a.hash
from incident i full join audit a using (incident_key)
order by incident_key, a.number
