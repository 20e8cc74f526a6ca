-- $1 digest, or its beginning; answers at most two, so that a beginning of several can be told
select digest, content from rules_version where starts_with(digest, $1) order by digest limit 2
