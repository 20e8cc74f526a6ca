-- Whether this server takes writes: false on a standby, and where somebody set it to read only.
select not pg_is_in_recovery() and current_setting('default_transaction_read_only') = 'off' as writable
