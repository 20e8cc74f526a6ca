-- Up to where a feed may be read: nothing that commits later stands before it.

create function settled_before() returns xid8 language sql stable as $$
    -- Snapshots know of every transaction of the server. One of another database writes nothing here, and may last
    -- for long; one that cannot be found may have been ours.
    select coalesce(
        (select going_on from pg_snapshot_xip(pg_current_snapshot()) as going_on
         where not exists (
             select from pg_stat_activity other
             where other.backend_xid = going_on::xid and other.datname <> current_database())
         order by going_on limit 1),
        pg_snapshot_xmax(pg_current_snapshot()))
$$;
comment on function settled_before is 'The oldest transaction that may still write here; all before it have ended.';
