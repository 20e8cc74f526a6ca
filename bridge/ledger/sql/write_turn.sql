-- Everything one turn changed, one statement for all tables; answers the messages this worker may send now.
-- Lists of clauses and the like come joined by ',' because arrays of arrays do not unnest.
-- $1 lane  $2 worker  $3 lease in seconds (null: leave the sending to others)  $4 now  $112 digest of the rules
with changed as (
    update incident i set
        version = r.version, data_key = coalesce(r.data_key, i.data_key), key_id = coalesce(r.key_id, i.key_id),
        snapshot = coalesce(r.snapshot, i.snapshot), verdict = r.verdict,
        clauses = string_to_array(r.clauses, ','), route = string_to_array(r.route, ','),
        asked = string_to_array(r.asked, ','), settled = r.settled, budget_until = r.budget_until,
        messages = r.messages, audit_number = r.audit_number, audit_head = r.audit_head,
        practice = r.practice, again_at = r.again_at, holder = r.holder, legs = r.legs,
        consults = r.consults, rescues = r.rescues, opened_by = r.opened_by, last_seen_at = $4
    from unnest($5::text[], $6::int[], $7::bytea[], $8::text[], $9::bytea[], $10::text[], $11::text[],
                $12::text[], $13::text[], $14::boolean[], $15::timestamptz[], $16::int[], $17::int[],
                $18::bytea[], $19::boolean[], $20::timestamptz[], $21::text[], $22::int[], $23::int[],
                $24::int[], $25::text[])
        as r (incident_key, version, data_key, key_id, snapshot, verdict, clauses, route, asked, settled,
              budget_until, messages, audit_number, audit_head, practice, again_at, holder, legs, consults,
              rescues, opened_by)
    where i.incident_key = r.incident_key
), decided as (
    insert into decision (incident_key, version, screening, verdict, clauses, weights, policy, policy_version,
                          policy_digest, route, topic, partition, record_offset, lane, produced_at, decided_at,
                          rules_digest, channel, referred_type)
    select incident_key, version, screening, verdict, string_to_array(clauses, ','), string_to_array(weights, ','),
           policy, policy_version, policy_digest, string_to_array(route, ','), topic, partition, record_offset, $1,
           produced_at, $4, $112, channel, nullif(referred_type, '')
    from unnest($26::text[], $27::int[], $28::int[], $29::text[], $30::text[], $31::text[], $32::text[],
                $33::text[], $34::text[], $35::text[], $36::text[], $37::int[], $38::bigint[],
                $39::timestamptz[], $40::text[], $41::text[])
        as r (incident_key, version, screening, verdict, clauses, weights, policy, policy_version, policy_digest,
              route, topic, partition, record_offset, produced_at, channel, referred_type)
), moved as (
    insert into transfer as t (transfer_id, incident_key, destination, kind, state, attempt, deadline, budget_until,
                               created_at, offered_at, state_since, callback_agreed, sequence, practice,
                               from_holder, teams, caller_told, identity_given, warmth, outcome, reason,
                               follow_up_at, ways_tried, routed)
    select transfer_id, incident_key, destination, kind, state, attempt, deadline, budget_until, created_at,
           offered_at, state_since, callback_agreed, sequence, practice, from_holder, string_to_array(teams, ','),
           caller_told, identity_given, warmth, outcome, reason, follow_up_at, ways_tried,
           routed
    from unnest($42::text[], $43::text[], $44::text[], $45::text[], $46::text[], $47::int[],
                         $48::timestamptz[], $49::timestamptz[], $50::timestamptz[], $51::timestamptz[],
                         $52::timestamptz[], $53::boolean[], $54::int[], $55::boolean[], $56::text[], $57::text[],
                         $58::boolean[], $59::boolean[], $60::text[], $61::text[], $62::text[], $63::timestamptz[],
                         $64::int[], $65::boolean[])
        as r (transfer_id, incident_key, destination, kind, state, attempt, deadline, budget_until, created_at,
              offered_at, state_since, callback_agreed, sequence, practice, from_holder, teams, caller_told,
              identity_given, warmth, outcome, reason, follow_up_at, ways_tried, routed)
    -- One that stops holding before one that begins to.
    order by r.incident_key, r.attempt
    on conflict (transfer_id) do update set
        destination = excluded.destination, state = excluded.state, deadline = excluded.deadline,
        budget_until = excluded.budget_until, offered_at = excluded.offered_at, state_since = excluded.state_since,
        callback_agreed = excluded.callback_agreed, sequence = excluded.sequence, teams = excluded.teams,
        caller_told = excluded.caller_told, identity_given = excluded.identity_given,
        warmth = excluded.warmth, outcome = excluded.outcome, reason = excluded.reason,
        follow_up_at = excluded.follow_up_at, ways_tried = excluded.ways_tried
), withdrawn as (
    update outbox o set state = 'withdrawn', closed_at = $4, answer = 'the transfer ended first'
    from unnest($66::text[]) as ended (transfer_id)
    where o.transfer_id = ended.transfer_id and o.carries = 'offer' and o.state in ('pending', 'retry')
), said as materialized (
    -- Whoever writes a message sends it, unless an earlier one on the same way is still waiting.
    select r.*, $3::float8 is not null and not exists (
        select 1 from outbox e
        where e.order_key = r.order_key and e.number < r.number and e.state in ('pending', 'leased', 'retry')) as mine
    from unnest($67::text[], $68::text[], $69::text[], $70::text[], $71::text[], $72::text[], $73::text[],
                $74::text[], $75::text[], $76::int[], $77::bytea[], $78::bytea[], $79::bytea[], $80::text[],
                $81::bytea[], $82::bytea[], $83::timestamptz[])
        as r (message_id, incident_key, transfer_id, carries, kind, destination, channel, address, order_key,
              number, record_key, headers, data_key, key_id, content, sha256, give_up_at)
), told as (
    insert into outbox (message_id, incident_key, transfer_id, carries, kind, destination, channel, address,
                        order_key, number, record_key, headers, data_key, key_id, content, sha256, give_up_at,
                        state, due_at, leased_by, lease_until, attempts, created_at)
    select message_id, incident_key, transfer_id, carries, kind, destination, channel, address,
           order_key, number, record_key, headers, data_key, key_id, content, sha256, give_up_at,
           case when mine then 'leased' else 'pending' end, $4,
           case when mine then $2 end,
           case when mine then clock_timestamp() + make_interval(secs => $3::float8) end,
           case when mine then 1 else 0 end, $4
    from said
    returning message_id, state
), audited as (
    insert into audit (incident_key, number, at, what, transfer_id, from_state, to_state, signal_id, speaker,
                       said_at, holder, clauses, reason, hash)
    select incident_key, number, $4, what, transfer_id, from_state, to_state, signal_id, speaker, said_at, holder,
           string_to_array(clauses, ','), reason, hash
    from unnest($84::text[], $85::int[], $86::text[], $87::text[], $88::text[], $89::text[], $90::text[],
                $91::text[], $92::timestamptz[], $93::text[], $94::text[], $95::text[], $96::bytea[])
        as r (incident_key, number, what, transfer_id, from_state, to_state, signal_id, speaker, said_at, holder,
              clauses, reason, hash)
), passed as (
    insert into passing (agency, caller_hash, transfer_id, from_holder, to_holder, at)
    select agency, caller_hash, transfer_id, from_holder, to_holder, $4
    from unnest($97::text[], $98::bytea[], $99::text[], $100::text[], $101::text[])
        as r (agency, caller_hash, transfer_id, from_holder, to_holder)
    on conflict do nothing
), answered as (
    insert into desk_answer (key_name, idempotency, request, status, body, data_key, key_id)
    select * from unnest($102::text[], $103::text[], $104::bytea[], $105::int[], $106::bytea[], $107::bytea[],
                         $108::text[])
), positioned as (
    insert into position as p (lane, topic, partition, next_offset)
    select $1, topic, partition, next_offset
    from unnest($109::text[], $110::int[], $111::bigint[]) as r (topic, partition, next_offset)
    order by topic, partition
    on conflict (lane, topic, partition) do update
        set next_offset = greatest(p.next_offset, excluded.next_offset), moved_at = clock_timestamp()
)
select message_id from told where state = 'leased'
