-- The rules that were put in force last, by any worker.
select v.content from rules_loaded l join rules_version v using (digest) order by l.number desc limit 1
