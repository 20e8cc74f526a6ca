-- Invariant 7: columns that are not sealed hold codes. A code has no blanks and no run of digits as long as a
-- telephone number; only a place in Kafka, topic[partition]@offset, may have one, and the id of a message that arrived.
-- Rows are named, what is in them is not.
select 'audit row holds more than codes: ' || incident_key || '#' || number as broken
from audit
where what !~ '^[a-z0-9_]+(\.[a-z0-9_]+)*$'
   or from_state !~ '^[a-z_]*$' or to_state !~ '^[a-z_]*$'
   or speaker !~ '^$|^(911|destination|bridge):[A-Za-z0-9_.:/@-]{1,200}$'
   or reason !~ '^[A-Za-z0-9_.:/|-]{0,100}$'
   or (reason ~ '\d{7}' and not (what in ('message.read', 'message.delivered') and reason ~ '^[0-9a-f]{32}$'))
   or array_to_string(clauses, '|') !~ '^[^\s]*$' or array_to_string(clauses, '|') ~ '\d{7}'
union all
select 'decision holds more than codes: ' || incident_key || ' version ' || version
from decision
where array_to_string(clauses, '|') !~ '^[^\s]*$' or array_to_string(clauses, '|') ~ '\d{7}'
   or array_to_string(weights, '|') !~ '^[a-z|]*$'
union all
select 'shadow decision holds more than codes: ' || incident_key || ' version ' || version
from shadow_decision
where array_to_string(clauses, '|') !~ '^[^\s]*$' or array_to_string(clauses, '|') ~ '\d{7}'
   or array_to_string(weights, '|') !~ '^[a-z|]*$'
union all
select 'inbox row holds more than codes: ' || topic || '[' || partition || ']@' || record_offset
from inbox
where outcome !~ '^[a-z_]+$' or array_to_string(faults, '|') !~ '^[a-z0-9_.|]*$'
union all
select 'quarantine row holds more than codes: ' || topic || '[' || partition || ']@' || record_offset
from quarantine where reason !~ '^[a-z0-9_]+$'
union all
select 'message row holds more than codes: ' || message_id
from outbox
where kind !~ '^[A-Za-z0-9_.]+$'
   or answer !~ '^[A-Za-z0-9_ .,:;=@/()\[\]`''-]{0,250}$' or (answer !~ '^[A-Za-z0-9._-]+\[\d+\]@\d+$' and answer ~ '\d{7}')
union all
select 'attempt holds more than codes: ' || message_id || '#' || number
from attempt
where result !~ '^[a-z_]+$'
   or answer !~ '^[A-Za-z0-9_ .,:;=@/()\[\]`''-]{0,250}$' or (answer !~ '^[A-Za-z0-9._-]+\[\d+\]@\d+$' and answer ~ '\d{7}')
