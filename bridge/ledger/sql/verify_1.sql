-- Invariant 1, what the ledger alone can tell: one row for a record, and never two.
select 'inbox and quarantine both have ' || topic || '[' || partition || ']@' || record_offset as broken
from inbox join quarantine using (topic, partition, record_offset)
