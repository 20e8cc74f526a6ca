-- The end of every feed: what is shown from now on comes after this transaction.
select (settled_before()::text::bigint - 1)::text as settled
