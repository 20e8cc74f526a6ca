-- $1 speaker  $2 idempotency key  $3 SHA-256 of the request  $4 status  $5 sealed body  $6 data key  $7 key id
insert into desk_answer (key_name, idempotency, request, status, body, data_key, key_id)
values ($1, $2, $3, $4, $5, $6, $7)
