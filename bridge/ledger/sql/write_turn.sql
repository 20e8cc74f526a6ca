-- Everything one turn changed, one statement for all tables; answers the messages this worker may send now.
-- Lists of clauses and the like come joined by ',' because arrays of arrays do not unnest.
-- $1 lane  $2 worker  $3 lease in seconds (null: leave the sending to others)  $4 now  $83 digest of the rules
with changed as (
    update incident i set
        version = r.version, data_key = coalesce(r.data_key, i.data_key), key_id = coalesce(r.key_id, i.key_id),
        snapshot = coalesce(r.snapshot, i.snapshot), verdict = r.verdict,
        clauses = string_to_array(r.clauses, ','), route = string_to_array(r.route, ','),
        asked = string_to_array(r.asked, ','), settled = r.settled, budget_until = r.budget_until,
        messages = r.messages, audit_number = r.audit_number, audit_head = r.audit_head,
        practice = r.practice, again_at = r.again_at, last_seen_at = $4
    from unnest($5::text[], $6::int[], $7::bytea[], $8::text[], $9::bytea[], $10::text[], $11::text[], $12::text[],
                $13::text[], $14::boolean[], $15::timestamptz[], $16::int[], $17::int[], $18::bytea[],
                $19::boolean[], $20::timestamptz[])
        as r (incident_key, version, data_key, key_id, snapshot, verdict, clauses, route, asked, settled,
              budget_until, messages, audit_number, audit_head, practice, again_at)
    where i.incident_key = r.incident_key
), decided as (
    insert into decision (incident_key, version, screening, verdict, clauses, weights, policy, policy_version,
                          policy_digest, route, topic, partition, record_offset, lane, produced_at, decided_at,
                          rules_digest)
    select incident_key, version, screening, verdict, string_to_array(clauses, ','), string_to_array(weights, ','),
           policy, policy_version, policy_digest, string_to_array(route, ','), topic, partition, record_offset, $1,
           produced_at, $4, $83
    from unnest($21::text[], $22::int[], $23::int[], $24::text[], $25::text[], $26::text[], $27::text[],
                $28::text[], $29::text[], $30::text[], $31::text[], $32::int[], $33::bigint[], $34::timestamptz[])
        as r (incident_key, version, screening, verdict, clauses, weights, policy, policy_version, policy_digest,
              route, topic, partition, record_offset, produced_at)
), moved as (
    insert into transfer as t (transfer_id, incident_key, destination, kind, state, attempt, deadline, budget_until,
                               created_at, offered_at, state_since, callback_agreed, sequence, practice)
    select * from unnest($35::text[], $36::text[], $37::text[], $38::text[], $39::text[], $40::int[],
                         $41::timestamptz[], $42::timestamptz[], $43::timestamptz[], $44::timestamptz[],
                         $45::timestamptz[], $46::boolean[], $47::int[], $48::boolean[])
        as r (transfer_id, incident_key, destination, kind, state, attempt, deadline, budget_until, created_at,
              offered_at, state_since, callback_agreed, sequence, practice)
    order by r.incident_key, r.attempt
    on conflict (transfer_id) do update set
        state = excluded.state, deadline = excluded.deadline, offered_at = excluded.offered_at,
        state_since = excluded.state_since, callback_agreed = excluded.callback_agreed,
        sequence = excluded.sequence
), withdrawn as (
    update outbox set state = 'withdrawn', closed_at = $4, answer = 'the transfer ended first'
    where transfer_id = any($49::text[]) and carries = 'offer' and state in ('pending', 'retry')
), told as (
    insert into outbox (message_id, incident_key, transfer_id, carries, kind, destination, channel, address,
                        order_key, number, record_key, headers, data_key, key_id, content, sha256, give_up_at,
                        state, due_at, leased_by, lease_until, attempts, created_at)
    select r.message_id, r.incident_key, r.transfer_id, r.carries, r.kind, r.destination, r.channel, r.address,
           r.order_key, r.number, r.record_key, r.headers, r.data_key, r.key_id, r.content, r.sha256, r.give_up_at,
           case when mine then 'leased' else 'pending' end, $4,
           case when mine then $2 end,
           case when mine then clock_timestamp() + make_interval(secs => $3::float8) end,
           case when mine then 1 else 0 end, $4
    from unnest($50::text[], $51::text[], $52::text[], $53::text[], $54::text[], $55::text[], $56::text[],
                $57::text[], $58::text[], $59::int[], $60::bytea[], $61::bytea[], $62::bytea[], $63::text[],
                $64::bytea[], $65::bytea[], $66::timestamptz[])
        as r (message_id, incident_key, transfer_id, carries, kind, destination, channel, address, order_key,
              number, record_key, headers, data_key, key_id, content, sha256, give_up_at)
    -- Whoever writes a message sends it, unless an earlier one on the same way is still waiting.
    cross join lateral (select $3::float8 is not null and not exists (
        select 1 from outbox e
        where e.order_key = r.order_key and e.state in ('pending', 'leased', 'retry')) as mine) as lease
    returning message_id, state
), audited as (
    insert into audit (incident_key, number, at, what, transfer_id, from_state, to_state, signal_id, speaker,
                       said_at, holder, clauses, reason, hash)
    select incident_key, number, $4, what, transfer_id, from_state, to_state, signal_id, speaker, said_at, holder,
           string_to_array(clauses, ','), reason, hash
    from unnest($67::text[], $68::int[], $69::text[], $70::text[], $71::text[], $72::text[], $73::text[],
                $74::text[], $75::timestamptz[], $76::text[], $77::text[], $78::text[], $79::bytea[])
        as r (incident_key, number, what, transfer_id, from_state, to_state, signal_id, speaker, said_at, holder,
              clauses, reason, hash)
), positioned as (
    insert into position as p (lane, topic, partition, next_offset)
    select $1, topic, partition, next_offset
    from unnest($80::text[], $81::int[], $82::bigint[]) as r (topic, partition, next_offset)
    order by topic, partition
    on conflict (lane, topic, partition) do update
        set next_offset = greatest(p.next_offset, excluded.next_offset), moved_at = clock_timestamp()
)
select message_id from told where state = 'leased'
