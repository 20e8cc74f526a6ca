-- $1 the key's name
update desk_key set revoked_at = clock_timestamp() where name = $1 and revoked_at is null returning name
