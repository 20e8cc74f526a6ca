-- What the server is and whether we may write to it; changes nothing.
select current_setting('server_version') as version,
       current_setting('server_version_num')::int as version_number,
       not pg_is_in_recovery() and current_setting('default_transaction_read_only') = 'off'
       and coalesce((
           select bool_and(has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update'))
           from pg_class c where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
       ), true) as writable,
       to_regclass('migration') is not null as migrated,
       clock_timestamp() as now
