-- What the ledger knows of messages that were found in Kafka. $1 message ids
select message_id, sha256, order_key, number, attempts from outbox where message_id = any($1::text[])
