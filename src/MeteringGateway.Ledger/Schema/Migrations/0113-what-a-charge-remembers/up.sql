-- What the charge of a call remembers of its call. Null for other movements, for entries of before, and for those that a gateway of the
-- version before flushes while it runs beside this one. No default and no index: the columns cost an entry without them nothing.
alter table ledger_entries
  add column attempts         text   null,
  add column credits_held     bigint null,
  add column idempotency_hash bytea  null;
comment on column ledger_entries.attempts is 'The providers that were tried, as the answer''s header X-Provider-Attempts has them: alpha=503;12, beta=200;31.';
comment on column ledger_entries.credits_held is 'The credits that the call''s hold had.';
comment on column ledger_entries.idempotency_hash is 'SHA-256 of the client''s Idempotency-Key in its account; null without one.';
