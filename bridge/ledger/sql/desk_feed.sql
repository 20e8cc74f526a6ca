-- Messages after a cursor, in order. One is shown when every transaction that began before its own has ended,
-- so that none appears later with a lower place.
-- $1 carries  $2 the outbox's destination  $3 agency or null  $4 destination whose transfers are meant, or null
-- $5 transaction, $6 number, $7 message id of the last one seen  $8 most
-- $9 only those of transfers that are under way
select o.message_id, o.number, o.written_in::text as written_in, o.content,
       coalesce(o.data_key, i.data_key) as data_key,
       case when o.data_key is null then i.key_id else o.key_id end as key_id
from outbox o join incident i using (incident_key)
where o.carries = $1 and o.destination = $2
  and (o.written_in, o.number, o.message_id) > ($5::text::xid8, $6::int, $7::text)
  and o.written_in < (select settled_before())
  and ($3::text is null or i.agency = $3)
  and ($4::text is null or (
      select t.destination = $4 or $4 = any(t.teams) from transfer t where t.transfer_id = o.transfer_id))
  and (not $9::boolean or (select not t.ended from transfer t where t.transfer_id = o.transfer_id))
order by o.written_in, o.number, o.message_id
limit $8
