-- The incidents that an id can mean: an incident's key or number, a transfer's or a message's id. $1 the id
select incident_key from incident where incident_key = $1 or incident_id = $1
union
select incident_key from transfer where transfer_id = $1
union
select incident_key from outbox where message_id = $1 and incident_key is not null
order by incident_key
