-- The units of an incident that is linked with another one are legs, whoever came first.

alter table incident add column linked boolean not null default false;
comment on column incident.linked is 'Whether it is one happening with another incident: see incident_link.';
update incident set linked = true where incident_key in (select incident_key from incident_link);

create view linked as
    select incident_key, linked_key from incident_link union select linked_key, incident_key from incident_link;
comment on view linked is 'From both sides: a link told before the other incident came is kept from the first only.';
