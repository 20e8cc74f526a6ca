-- Locks incidents that are to be screened again by now, and that nobody else is working on. $1 at most
-- While a transfer is under way, or once a person decided, nothing is offered because time goes by. A transfer under
-- way is one with a deadline: those have an index, which stays small.
select i.*, clock_timestamp() as now from incident i
where again_at <= statement_timestamp() and not settled and data_key is not null
  and not exists (select from transfer t where t.incident_key = i.incident_key and t.deadline is not null)
order by again_at limit $1
for update skip locked
