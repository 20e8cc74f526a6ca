-- Keep a version of the rules with its policies, once, and say that this worker decides by it from now on.
-- $1 digest  $2 content  $3 lane  $4 worker  $5 and on: its policies
with kept as (
    insert into rules_version (digest, content) values ($1, $2) on conflict (digest) do nothing
), named as (
    insert into policy_version (rules_digest, part, agency, name, version, effective, digest)
    select $1, r.* from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[]) as r
    on conflict do nothing
)
insert into rules_loaded (lane, worker, digest) values ($3, $4, $1)
