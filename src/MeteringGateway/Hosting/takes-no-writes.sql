-- A standby, or a server that was set to read only, answers like any other.
select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean;
