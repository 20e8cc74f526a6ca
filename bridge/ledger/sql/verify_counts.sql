-- How much was looked at, when the snapshot was taken, and since when this ledger keeps records.
select (select count(*) from inbox) + (select count(*) from quarantine) as records,
       (select count(*) from decision where screening = 1) as events,
       (select count(*) from incident) as incidents,
       (select count(*) from decision) as decisions,
       (select count(*) from transfer) as transfers,
       (select count(*) from outbox) as messages,
       (select count(*) from quarantine) as quarantined,
       (select min(applied_at) from migration) as born,
       clock_timestamp() as now
