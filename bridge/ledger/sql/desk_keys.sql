select name, destination, agency, made_at, valid_until, revoked_at,
       revoked_at is null and (valid_until is null or valid_until > clock_timestamp()) as valid
from desk_key order by coalesce(agency, destination), made_at
