-- Every record that could not be read, with what opens it.
select topic, partition, record_offset, content, sha256, whole, data_key, key_id from quarantine
