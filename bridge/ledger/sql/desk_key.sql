-- Whose key this is, if it is valid now. $1 SHA-256 of the key
select name, destination, agency from desk_key
where key_hash = $1 and revoked_at is null and (valid_until is null or valid_until > clock_timestamp())
