-- Everything that goes on beside a transfer: who hands a call on, legs of a tandem, consults, rescues, how
-- destinations are just now, who may speak over HTTP, and how often one caller was passed on.

drop index transfer_one_active;
alter table transfer
    add column from_holder    text,
    add column teams          text[]      not null default '{}',
    add column caller_told    boolean     not null default false,
    add column identity_given boolean     not null default false,
    add column warmth         text        check (warmth in ('warm', 'cold', 'dropped')),
    add column outcome        text        not null default '',
    add column reason         text        not null default '',
    add column follow_up_at   timestamptz,
    add column ways_tried     int         not null default 0,
    add column routed         boolean     not null default true,
    drop column holder;
alter table transfer add column holder text generated always as (case
    when state in ('connected', 'held', 'claimed', 'returning', 'closed') then destination
    when state = 'returned' then '911'
    else coalesce(from_holder, '911') end) stored;
comment on column transfer.from_holder is 'The destination that hands its call on, and holds it while another is asked.';
-- A call has one holder: one transfer holds it, and one at a time is on its way to holding it.
create unique index transfer_one_holds on transfer (incident_key)
    where state in ('connected', 'held', 'claimed', 'returning');
create unique index transfer_one_waits on transfer (incident_key)
    where state in ('proposed', 'offered', 'alerting', 'queued', 'answered');
create index transfer_open on transfer (destination) where deadline is not null;

alter table incident
    add column legs      int  not null default 0,
    add column consults  int  not null default 0,
    add column rescues   int  not null default 0,
    add column opened_by text not null default '',
    add column holder    text not null default '911';
update incident i set holder = t.holder
from (select distinct on (incident_key) incident_key, holder from transfer order by incident_key, attempt desc) t
where t.incident_key = i.incident_key;
comment on column incident.opened_by is 'The destination at which the call began; empty: at 911.';

create table leg (
    leg_id         text        primary key,
    incident_key   text        not null references incident,
    kind           text        not null check (kind in (
        'community', 'police', 'ems', 'fire', 'co_responder', 'report_unit')),
    mode           text        not null check (mode in (
        'together', 'community_first', 'police_first', 'relief')),
    why            text        not null check (why in ('disqualifier', 'caution', 'joint', 'backup')),
    state          text        not null check (state in (
        'requested', 'assigned', 'en_route', 'staged', 'on_scene', 'cleared', 'cancelled', 'declined')),
    asked_by       text        not null default '',
    clause         text        not null default '',
    unit_id        text        not null default '',
    requested_at   timestamptz not null,
    state_since    timestamptz not null,
    deadline       timestamptz,
    assigned_at    timestamptz,
    en_route_at    timestamptz,
    staged_at      timestamptz,
    on_scene_at    timestamptz,
    ended_at       timestamptz,
    scene_safe_at  timestamptz,
    violation      boolean     not null default false,
    late           boolean     not null default false,
    practice       boolean     not null default false,
    constraint leg_waits_have_deadlines check (
        (deadline is null) = (state in ('cleared', 'cancelled', 'declined')))
) with (fillfactor = 80);
create index leg_incident on leg (incident_key);
create index leg_deadline on leg (deadline) where deadline is not null;

create table incident_link (
    incident_key text        not null references incident,
    linked_key   text        not null,
    linked_at    timestamptz not null,
    primary key (incident_key, linked_key),
    check (incident_key <> linked_key)
);
comment on table incident_link is 'Two incidents of one happening, RELATED (NENA-STA-021.1b): police and EMS on two CADs.';

create table consult (
    consult_id   text        primary key,
    incident_key text        not null references incident,
    destination  text        not null,
    state        text        not null check (state in ('asked', 'joined', 'ended', 'unavailable')),
    asked_at     timestamptz not null,
    state_since  timestamptz not null,
    deadline     timestamptz,
    joined_at    timestamptz,
    ended_at     timestamptz,
    practice     boolean     not null default false,
    constraint consult_waits_have_deadlines check ((deadline is null) = (state in ('ended', 'unavailable')))
) with (fillfactor = 80);
create index consult_incident on consult (incident_key);
create index consult_deadline on consult (deadline) where deadline is not null;

create table rescue (
    rescue_id    text        primary key,
    incident_key text        not null references incident,
    destination  text        not null,
    state        text        not null check (state in (
        'requested', 'taken', 'help_sent', 'contact_confirmed', 'not_found', 'closed', 'cancelled')),
    asked_at     timestamptz not null,
    state_since  timestamptz not null,
    deadline     timestamptz,
    taken_at     timestamptz,
    sent_at      timestamptz,
    found_at     timestamptz,
    ended_at     timestamptz,
    practice     boolean     not null default false,
    constraint rescue_waits_have_deadlines check ((deadline is null) = (state in ('closed', 'cancelled')))
) with (fillfactor = 80);
create index rescue_incident on rescue (incident_key);
create index rescue_deadline on rescue (deadline) where deadline is not null;

create function life_ends_stay() returns trigger language plpgsql as $$
begin
    raise exception 'a % has ended', tg_table_name
        using errcode = 'restrict_violation', constraint = tg_table_name || '_ends_stay';
end $$;
create trigger leg_ends_stay before update on leg
    for each row when (old.deadline is null and old.state is distinct from new.state)
    execute function life_ends_stay();
create trigger consult_ends_stay before update on consult
    for each row when (old.deadline is null and old.state is distinct from new.state)
    execute function life_ends_stay();
create trigger rescue_ends_stay before update on rescue
    for each row when (old.deadline is null and old.state is distinct from new.state)
    execute function life_ends_stay();

create table presence (
    destination text        primary key,
    queue       text        not null default 'active' check (queue in (
        'active', 'inactive', 'disabled', 'full', 'standby', 'resource_exhausted', 'unreachable')),
    staffed     boolean     not null default true,
    stated_wait float8,
    away_from   timestamptz,
    away_until  timestamptz,
    heard_at    timestamptz,
    stated_at   timestamptz,
    said_at     timestamptz
);
comment on table presence is 'How each destination says it is, and when it was last heard; null: never.';
comment on column presence.said_at is 'When it last said its state by its own clock; stated_at: by ours.';

alter table incident add column passed_over text[] not null default '{}';
create index incident_passed_over on incident (first_seen_at) where passed_over <> '{}';
comment on column incident.passed_over is
    'Destinations that could not be asked at the last look, or had no room; asked when they are back.';

create table passing (
    agency      text        not null,
    caller_hash bytea       not null,
    at          timestamptz not null,
    transfer_id text        not null,
    from_holder text        not null,
    to_holder   text        not null,
    primary key (agency, caller_hash, transfer_id, to_holder)
);
create index passing_at on passing (at);
comment on table passing is 'One caller passed between 911 and a hotline; the number only as a keyed hash.';

alter table decision
    add column channel       text not null default 'UNKNOWN',
    add column referred_type text;
comment on column decision.channel is 'The way in by which the call had come, as it was known then.';
comment on column decision.referred_type is 'The type of a call that an officer referred; null of every other.';

create sequence desk_number;
comment on sequence desk_number is 'Signals by HTTP have a place in the inbox as records of Kafka have an offset.';

create table desk_key (
    key_hash    bytea       primary key,
    name        text        not null unique,
    destination text,
    agency      text,
    made_at     timestamptz not null default clock_timestamp(),
    valid_until timestamptz,
    revoked_at  timestamptz,
    constraint desk_key_is_one_sides check (num_nonnulls(destination, agency) = 1)
);
comment on table desk_key is 'SHA-256 of the keys with which a destination or an agency speaks over HTTP.';

create table desk_answer (
    key_name    text        not null,
    idempotency text        not null,
    request     bytea       not null,
    status      int         not null,
    body        bytea       not null,
    data_key    bytea       not null,
    key_id      text        not null,
    made_at     timestamptz not null default clock_timestamp(),
    primary key (key_name, idempotency)
);
create index desk_answer_made_at on desk_answer (made_at);
comment on table desk_answer is 'What was answered to a request, so that its repetition gets the same; sealed.';

-- Feeds over HTTP go on after a cursor: messages in the order of their transactions, and none is passed over
-- that commits later than one with a higher number. Rows of before are the beginning.
alter table outbox add column written_in xid8 not null default '0';
alter table outbox alter column written_in set default pg_current_xact_id();
create index outbox_feed on outbox (carries, destination, written_in, number);
