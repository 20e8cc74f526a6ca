-- The ledger, first shape. Sealed columns hold AES-256-GCM text under a data key of their own incident;
-- whoever destroys the data key has purged every narrative, place, number and message of that incident.

create table position (
    lane        text        not null,
    topic       text        not null,
    partition   int         not null check (partition >= 0),
    next_offset bigint      not null check (next_offset >= 0),
    moved_at    timestamptz not null default clock_timestamp(),
    primary key (lane, topic, partition)
);
comment on table position is 'Where each lane goes on reading; moved in the transaction that did the work.';

create table inbox (
    topic         text        not null,
    partition     int         not null,
    record_offset bigint      not null,
    event_key     text        not null,
    outcome       text        not null
        check (outcome in ('applied', 'duplicate', 'unknown_transfer')),
    digest        bytea       not null,
    faults        text[]      not null default '{}',
    lane          text        not null,
    produced_at   timestamptz not null,
    received_at   timestamptz not null default clock_timestamp(),
    primary key (topic, partition, record_offset)
);
-- The second key: a producer's retry has a new offset and the same event id.
create unique index inbox_event_applied_once on inbox (event_key) where outcome = 'applied';

create table quarantine (
    topic         text        not null,
    partition     int         not null,
    record_offset bigint      not null,
    reason        text        not null,
    length        bigint      not null,
    sha256        bytea       not null,
    data_key      bytea,
    key_id        text        not null,
    content       bytea       not null,
    whole         boolean     not null,
    lane          text        not null,
    produced_at   timestamptz not null,
    received_at   timestamptz not null default clock_timestamp(),
    primary key (topic, partition, record_offset)
);
comment on column quarantine.content is 'Sealed bytes as they came; cut at the limit when `whole` is false.';

create table incident (
    incident_key   text        primary key,
    agency         text        not null,
    incident_id    text        not null,
    version        int         not null default 0 check (version >= 0),
    data_key       bytea,
    key_id         text,
    snapshot       bytea,
    verdict        text,
    clauses        text[]      not null default '{}',
    route          text[]      not null default '{}',
    asked          text[]      not null default '{}',
    settled        boolean     not null default false,
    budget_until   timestamptz,
    messages       int         not null default 0,
    audit_number   int         not null default 0,
    audit_head     bytea       not null default '\x',
    practice       boolean     not null default false,
    first_seen_at  timestamptz not null default clock_timestamp(),
    last_seen_at   timestamptz not null default clock_timestamp()
) with (fillfactor = 70);
comment on column incident.asked is 'Destinations that were asked; none is asked twice for one incident.';
comment on column incident.settled is 'A person decided, or a danger did: nothing is offered by itself any more.';

create table decision (
    incident_key   text        not null,
    version        int         not null check (version > 0),
    verdict        text        not null check (verdict in ('offer', 'recommend', 'review', 'tandem', 'keep')),
    clauses        text[]      not null check (cardinality(clauses) > 0),
    weights        text[]      not null,
    policy         text        not null,
    policy_version text        not null,
    policy_digest  text        not null,
    route          text[]      not null default '{}',
    topic          text        not null,
    partition      int         not null,
    record_offset  bigint      not null,
    lane           text        not null,
    produced_at    timestamptz not null,
    decided_at     timestamptz not null,
    primary key (incident_key, version),
    check (cardinality(clauses) = cardinality(weights))
);

create table transfer (
    transfer_id     text        primary key,
    incident_key    text        not null references incident,
    destination     text        not null,
    kind            text        not null check (kind in ('voice', 'data')),
    state           text        not null check (state in (
        'proposed', 'offered', 'alerting', 'queued', 'answered', 'connected', 'held', 'claimed', 'returning',
        'closed', 'returned', 'declined', 'expired', 'failed', 'recalled', 'abandoned', 'withdrawn', 'lapsed')),
    attempt         int         not null check (attempt > 0),
    deadline        timestamptz,
    budget_until    timestamptz not null,
    created_at      timestamptz not null,
    offered_at      timestamptz,
    state_since     timestamptz not null,
    callback_agreed boolean     not null default false,
    sequence        int         not null default 0,
    practice        boolean     not null default false,
    ended           boolean     generated always as (state in (
        'closed', 'returned', 'declined', 'expired', 'failed', 'recalled', 'abandoned', 'withdrawn', 'lapsed'
    )) stored,
    holder          text        generated always as (case
        when state in ('connected', 'held', 'claimed', 'returning', 'closed') then destination
        else '911' end) stored,
    -- Every wait has an end, and an end waits for nothing.
    constraint transfer_waits_have_deadlines check ((deadline is null) = (state in (
        'closed', 'returned', 'declined', 'expired', 'failed', 'recalled', 'abandoned', 'withdrawn', 'lapsed')))
) with (fillfactor = 80);
-- A call has one holder, so one transfer at a time can be on its way to holding it.
create unique index transfer_one_active on transfer (incident_key)
    where state not in (
        'closed', 'returned', 'declined', 'expired', 'failed', 'recalled', 'abandoned', 'withdrawn', 'lapsed');
create index transfer_deadline on transfer (deadline) where deadline is not null;
create index transfer_incident on transfer (incident_key);

create function transfer_ends_stay() returns trigger language plpgsql as $$
begin
    if old.ended then
        raise exception 'transfer % has ended', old.transfer_id
            using errcode = 'restrict_violation', constraint = 'transfer_ends_stay';
    end if;
    return new;
end $$;
create trigger transfer_ends_stay before update on transfer
    for each row when (old.state is distinct from new.state) execute function transfer_ends_stay();

create table outbox (
    message_id   text        primary key,
    incident_key text,
    transfer_id  text,
    carries      text        not null check (carries in ('offer', 'return', 'status', 'quarantine')),
    kind         text        not null,
    destination  text        not null,
    channel      text        not null,
    address      text        not null,
    order_key    text        not null,
    number       int         not null,
    record_key   bytea       not null,
    headers      bytea       not null,
    data_key     bytea,
    key_id       text        not null,
    content      bytea       not null,
    sha256       bytea       not null,
    state        text        not null default 'pending' check (state in (
        'pending', 'leased', 'retry', 'delivered', 'refused', 'withdrawn', 'dead')),
    due_at       timestamptz not null,
    give_up_at   timestamptz,
    leased_by    text,
    lease_until  timestamptz,
    attempts     int         not null default 0,
    created_at   timestamptz not null,
    closed_at    timestamptz,
    answer       text        not null default '',
    constraint outbox_leases_end check ((state = 'leased') <= (lease_until is not null))
) with (fillfactor = 70);
create index outbox_waiting on outbox (destination, due_at) where state in ('pending', 'leased', 'retry');
create index outbox_order on outbox (order_key, number) where state in ('pending', 'leased', 'retry');
create index outbox_transfer on outbox (transfer_id) where state in ('pending', 'retry');
create index outbox_incident on outbox (incident_key);

create table attempt (
    message_id text        not null,
    number     int         not null,
    made_by    text        not null,
    ended_at   timestamptz not null default clock_timestamp(),
    result     text        not null,
    answer     text        not null default '',
    primary key (message_id, number)
);
comment on table attempt is 'How each attempt ended; one that is missing was cut short and its lease ran out.';

create table audit (
    incident_key text        not null,
    number       int         not null check (number > 0),
    at           timestamptz not null,
    what         text        not null,
    transfer_id  text        not null default '',
    from_state   text        not null default '',
    to_state     text        not null default '',
    signal_id    text        not null default '',
    speaker      text        not null default '',
    said_at      timestamptz,
    holder       text        not null,
    clauses      text[]      not null default '{}',
    reason       text        not null default '',
    hash         bytea       not null,
    primary key (incident_key, number)
);
comment on column audit.hash is 'SHA-256 over the previous row''s hash and this row; the incident keeps the head.';

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit rows are never changed'
        using errcode = 'restrict_violation', constraint = 'audit_is_append_only';
end $$;
create trigger audit_is_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();
