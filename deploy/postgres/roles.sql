-- Roles for the ledger. Run once as a superuser, in the ledger's database, before `bridge migrate`:
--   psql -d bridge -v ON_ERROR_STOP=1 -f deploy/postgres/roles.sql
-- Then give each role a password or a certificate. Safe to run again.
--
-- bridge_owner   owns the tables; `bridge migrate` and nobody else
-- bridge_worker  the lanes: reads and writes rows; never deletes, never empties, never changes an audit row
-- bridge_reader  `bridge verify` and reports: reads. What is sealed stays sealed without the key

do $$
begin
    if not exists (select from pg_roles where rolname = 'bridge_owner') then create role bridge_owner login; end if;
    if not exists (select from pg_roles where rolname = 'bridge_worker') then create role bridge_worker login; end if;
    if not exists (select from pg_roles where rolname = 'bridge_reader') then create role bridge_reader login; end if;
end $$;

revoke all on schema public from public;
grant usage, create on schema public to bridge_owner;
grant usage on schema public to bridge_worker, bridge_reader;

-- For the tables that are there, and for those that `bridge migrate` makes as bridge_owner.
grant select, insert, update on all tables in schema public to bridge_worker;
grant usage on all sequences in schema public to bridge_worker;
grant select on all tables in schema public to bridge_reader;
alter default privileges for role bridge_owner in schema public
    grant select, insert, update on tables to bridge_worker;
alter default privileges for role bridge_owner in schema public
    grant usage on sequences to bridge_worker;
alter default privileges for role bridge_owner in schema public
    grant select on tables to bridge_reader;
