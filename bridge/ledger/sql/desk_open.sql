-- Begins what somebody asks over HTTP, in one round trip: that their key is valid, what was answered to it before,
-- what it names with its incident locked and its transfers, and its place in the inbox. An agency may know what is
-- its own; a destination what it was asked, or asked for. Everything else is not there.
-- $1 name of the key  $2 speaker  $3 idempotency key, null for who only looks
-- $4 what is named: transfer, leg, consult, rescue, incident, message or nothing ('')  $5 its id
-- $6 the agency that asks, or null  $7 the destination that asks, or null
-- $8 key of the inbox, null where nothing is heard  $9 SHA-256 of the request  $10 lane
with asked as materialized (  -- whoever does not get the lock is in flight already
    select $3::text is null or pg_try_advisory_xact_lock(hashtextextended($2 || ' ' || $3, 911)) as mine,
           exists (select from desk_key where name = $1 and revoked_at is null
                   and (valid_until is null or valid_until > clock_timestamp())) as valid,
           case when $8::text is not null then nextval('desk_number') else 0 end as number,
           clock_timestamp() as now
), begun as (
    select asked.*, a.request, a.status, a.body, a.data_key, a.key_id,
           asked.mine and asked.valid and a.body is null as goes_on
    from asked left join desk_answer a on asked.mine and asked.valid and a.key_name = $2 and a.idempotency = $3
), named as (
    select incident_key from transfer
    where $4 = 'transfer' and transfer_id = $5 and ($7::text is null or destination = $7 or $7 = any(teams))
    union all
    select l.incident_key from leg l
    where $4 = 'leg' and l.leg_id = $5 and ($7::text is null or exists (
        select from transfer t where t.incident_key = l.incident_key and t.destination = $7 and not t.ended))
    union all
    select incident_key from consult
    where $4 = 'consult' and consult_id = $5 and ($7::text is null or destination = $7)
    union all
    select incident_key from rescue
    where $4 = 'rescue' and rescue_id = $5 and ($7::text is null or destination = $7)
    union all
    select incident_key from incident where $4 = 'incident' and incident_key = $6 || '/' || $5
    union all
    select incident_key from outbox
    where $4 = 'message' and message_id = $5
      and ((carries = 'offer' and destination = $7) or (carries = 'return' and $7::text is null))
), found as (
    select i.incident_key, i as incident, i.xmin as written_by
    from begun, named join incident i using (incident_key)
    where begun.goes_on and ($6::text is null or i.agency = $6)
    for update of i
), quiet as (  -- a lock that was waited for shows the incident as it is now, and all else as it was before
    select not exists (
        select from found f join incident i using (incident_key) where i.xmin <> f.written_by) as quiet
), taken as (
    insert into inbox (topic, partition, record_offset, event_key, outcome, digest, lane, produced_at)
    select 'desk', 0, number, $8, 'applied', $9::bytea, $10::text, now from begun, quiet
    where begun.goes_on and quiet.quiet and $8::text is not null and ($4 = '' or exists (select from found))
    on conflict do nothing
    returning record_offset
)
select b.mine, b.valid, b.number, b.now, b.request, b.status, b.body, b.data_key, b.key_id, quiet.quiet,
       exists (select from taken) as taken, f.incident, theirs.transfer_id, t.transfer
from begun b cross join quiet left join found f on true
left join lateral (
    select coalesce((
        select transfer_id from transfer
        where incident_key = f.incident_key
          and case when $4 = 'transfer' then transfer_id = $5
                   else $7::text is null or destination = $7 or $7 = any(teams) end
        order by ended, attempt desc limit 1), '') as transfer_id
) theirs on true
left join lateral (  -- as in load_transfers
    select one as transfer, one.transfer_id,
           not one.ended or one.outcome = 'handed_on' or one.attempt = max(one.attempt) over () as kept
    from transfer one where one.incident_key = f.incident_key
) t on t.kept or t.transfer_id = theirs.transfer_id
