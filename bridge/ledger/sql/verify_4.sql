-- Invariant 4: every wait has an end, and none outlasts it. $1 the database's time when the snapshot was taken
select 'wait without a deadline: transfer ' || transfer_id as broken
from transfer where not ended and deadline is null
union all
select 'wait that outlasts its deadline: transfer ' || transfer_id
from transfer where not ended and deadline < $1::timestamptz - interval '2 seconds'
union all
select 'wait that outlasts its deadline: rescue ' || rescue_id
from rescue where deadline < $1::timestamptz - interval '2 seconds'
union all
select 'wait that outlasts its deadline: leg ' || leg_id
from leg where deadline < $1::timestamptz - interval '2 seconds'
union all
select 'wait that outlasts its deadline: consult ' || consult_id
from consult where deadline < $1::timestamptz - interval '2 seconds'
