-- Messages that a topic's partition took, by the broker's own answer, in its order. $1 topic $2 `topic[partition]@`
select message_id, record_offset from (
    select message_id, substring(answer from '@(\d+)$')::bigint as record_offset
    from outbox
    where state = 'delivered' and channel = 'kafka' and address = $1
      and answer ~ '\]@\d+$' and left(answer, length($2::text)) = $2
) as answered
order by record_offset
