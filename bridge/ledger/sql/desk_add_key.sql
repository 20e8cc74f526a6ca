-- Two keys of one side may be valid at once, so that one can take the other's place; a third is not added.
-- $1 SHA-256 of the key  $2 its name  $3 destination or null  $4 agency or null  $5 days it is valid, or null
insert into desk_key (key_hash, name, destination, agency, valid_until)
select $1, $2, $3, $4, clock_timestamp() + make_interval(days => $5::int)
where 2 > (select count(*) from desk_key
           where (destination = $3 or agency = $4) and revoked_at is null
             and (valid_until is null or valid_until > clock_timestamp()))
on conflict do nothing
returning name
