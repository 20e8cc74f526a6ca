-- By which rules each worker decides that is connected now. The server cuts a connection's name at 63 bytes.
select distinct on (l.worker) l.lane, l.worker, l.digest, l.loaded_at
from rules_loaded l
join pg_stat_activity a on a.datname = current_database() and a.application_name = left('bridge ' || l.worker, 63)
order by l.worker, l.number desc
