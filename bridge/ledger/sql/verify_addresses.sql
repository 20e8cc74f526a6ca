-- The topics that messages were sent to.
select distinct address from outbox where channel = 'kafka' order by address
