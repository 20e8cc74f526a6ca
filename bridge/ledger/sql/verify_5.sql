-- Invariant 5, what the ledger alone can tell: what was delivered was attempted and answered.
select 'delivered without an attempt or an answer: message ' || message_id as broken
from outbox where state = 'delivered' and (attempts < 1 or answer = '' or closed_at is null)
