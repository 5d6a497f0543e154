-- The Idempotency-Key of the request that made the key; null: it came without one. The secret of a key is shown once, so a repeat can't
-- have the first answer: it is told which key there is. The column has no default and the index no rows yet, so neither waits for keys.
alter table keys add column idempotency_key text null;
create unique index keys_made_once on keys (account_id, idempotency_key) where idempotency_key is not null;
