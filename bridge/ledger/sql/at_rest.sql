-- $1 CAD events whose decisions are waited for
select (select count(*) from decision where screening = 1) >= $1
   and not exists (select 1 from transfer where deadline is not null)
   and not exists (select 1 from rescue where deadline is not null)
   and not exists (select 1 from outbox where state in ('pending', 'leased', 'retry'))
