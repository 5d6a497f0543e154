select pg_relation_size('ledger_entries') / current_setting('block_size')::bigint
