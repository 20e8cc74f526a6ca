-- Callers who went from one holder to another; what is older than a day is forgotten, and bounds nothing any more.
-- $1 agencies $2 keyed hashes of the callers $3 transfers $4 from $5 to $6 now
with forgotten as (
    delete from passing where at < $6::timestamptz - interval '24 hours'
)
insert into passing (agency, caller_hash, transfer_id, from_holder, to_holder, at)
select agency, caller_hash, transfer_id, from_holder, to_holder, $6
from unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text[])
    as r (agency, caller_hash, transfer_id, from_holder, to_holder)
on conflict do nothing
