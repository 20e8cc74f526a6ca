-- A call that waits is screened again by itself: when that is due, and decisions that no CAD event asked for.

alter table incident add column again_at timestamptz;
create index incident_again on incident (again_at) where again_at is not null and not settled;
comment on column incident.again_at is 'When waiting longer may change the decision; null: only an event can.';

alter table decision
    add column screening int not null default 1 check (screening > 0),
    drop constraint decision_pkey,
    add primary key (incident_key, version, screening),
    alter column topic drop not null,
    alter column partition drop not null,
    alter column record_offset drop not null,
    alter column produced_at drop not null,
    -- An event makes a version and has it screened; screened again it is because time went by.
    add constraint decision_first_has_an_event check (
        num_nonnulls(topic, partition, record_offset, produced_at) = case when screening = 1 then 4 else 0 end);
comment on column decision.screening is 'Which screening of this version it was: the first one on the event that made it.';

alter table shadow_decision
    drop constraint shadow_decision_pkey,
    add primary key (incident_key, version, policy, decided_at);
comment on column shadow_decision.decided_at is 'As of the decision that it is held against.';
