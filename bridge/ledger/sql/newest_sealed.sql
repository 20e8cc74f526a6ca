-- The incident that was sealed last, with what opens it.
select snapshot, data_key, key_id from incident
where snapshot is not null and data_key is not null order by last_seen_at desc limit 1
