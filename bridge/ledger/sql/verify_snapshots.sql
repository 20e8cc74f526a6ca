-- Every incident's sealed state with what opens it.
select incident_key, snapshot, data_key, key_id from incident where snapshot is not null
