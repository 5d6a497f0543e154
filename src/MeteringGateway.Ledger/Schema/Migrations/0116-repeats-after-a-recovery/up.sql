-- A repeat with an Idempotency-Key, after a recovery of Redis that may have lost the key's record, is looked up among the charges. Entries
-- without a key are in no index for it and cost as much as before.
alter table ledger_entries add column idempotency_fingerprint text null;
create index ledger_entries_by_idempotency on ledger_entries (account_id, idempotency_hash) where idempotency_hash is not null;
comment on column ledger_entries.idempotency_fingerprint is 'Of what must be equal in a repeat with the same Idempotency-Key; null without one.';

-- A record lives for a day, so a day after a recovery none can be missing. The epochs of before count as begun now. A gateway of the version
-- before, which runs beside this one for a while, raises epochs without saying when: the ledger is asked for an hour longer than a day.
alter table partitions add column epoch_began_at timestamptz not null default now();

-- A dispute that is over frees the call's key.
alter table unsettled_calls add column idempotency_hash bytea null;
