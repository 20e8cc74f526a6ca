-- The end of every feed: what is shown from now on comes after this transaction.
select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text as settled
