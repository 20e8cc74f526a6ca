-- How often each caller was passed between 911 and hotlines in the last 24 hours.
-- $1 agencies $2 keyed hashes of the callers $3 now
select agency, caller_hash, count(*) as passes
from passing
where (agency, caller_hash) in (select * from unnest($1::text[], $2::bytea[]))
  and at >= $3::timestamptz - interval '24 hours'
group by agency, caller_hash
