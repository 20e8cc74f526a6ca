-- The rules that decided are kept, so that a decision can be made again in a year; and what policies that
-- only look on would have decided.

create table rules_version (
    digest          text        primary key,
    content         bytea       not null,
    first_loaded_at timestamptz not null default clock_timestamp(),
    constraint rules_version_digest_is_of_content check (digest = encode(sha256(content), 'hex'))
);
comment on column rules_version.content is 'A tar of every file that took part: policies, destinations, words.';

create table policy_version (
    rules_digest text        not null references rules_version,
    part         text        not null check (part in ('live', 'shadow')),
    agency       text        not null,
    name         text        not null,
    version      text        not null,
    effective    timestamptz not null,
    digest       text        not null,
    primary key (rules_digest, part, agency, name, version)
);
create index policy_version_agency on policy_version (agency, effective);
comment on table policy_version is 'Which policies a version of the rules holds.';

create table rules_loaded (
    number    bigint      generated always as identity primary key,
    lane      text        not null,
    worker    text        not null,
    digest    text        not null references rules_version,
    loaded_at timestamptz not null default clock_timestamp()
);
comment on table rules_loaded is 'From when on which worker decided by which rules.';

create function rules_are_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'rules that decided are never changed'
        using errcode = 'restrict_violation', constraint = 'rules_are_append_only';
end $$;
create trigger rules_are_append_only before update or delete or truncate on rules_version
    for each statement execute function rules_are_append_only();
create trigger rules_are_append_only before update or delete or truncate on policy_version
    for each statement execute function rules_are_append_only();
create trigger rules_are_append_only before update or delete or truncate on rules_loaded
    for each statement execute function rules_are_append_only();

alter table decision add column rules_digest text not null default '';
comment on column decision.rules_digest is 'The rules_version that decided; empty: decided before they were kept.';

create table shadow_decision (
    incident_key   text        not null,
    version        int         not null check (version > 0),
    verdict        text        not null check (verdict in ('offer', 'recommend', 'review', 'tandem', 'keep')),
    clauses        text[]      not null,
    weights        text[]      not null,
    policy         text        not null,
    policy_version text        not null,
    policy_digest  text        not null,
    live_verdict   text        not null
        check (live_verdict in ('offer', 'recommend', 'review', 'tandem', 'keep')),
    decided_at     timestamptz not null,
    primary key (incident_key, version, policy)
);
create index shadow_decision_at on shadow_decision (decided_at);
comment on table shadow_decision is
    'What a policy that only looks on would have decided. Written after the decision: a worker that dies writes none.';
