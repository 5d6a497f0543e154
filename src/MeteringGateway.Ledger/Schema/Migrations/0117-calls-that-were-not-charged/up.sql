-- What became of calls that have no entry in the ledger, for those who ask: bounded by age and number, and nothing that money hangs on. No
-- foreign key: a row of an account takes no lock on the account's row, which the flushes update.

create table refused_calls (
  id           bigint      generated always as identity primary key,
  request_id   text        not null unique,
  account_id   bigint      not null,
  surface      text        null,
  provider     text        null,
  code         text        not null,
  credits_held bigint      not null,
  attempts     text        null,
  at           timestamptz not null
);
comment on table refused_calls is 'Calls of live keys that were not charged: for Calls:KeptFor, and at most Calls:MostKept of them.';
comment on column refused_calls.attempts is 'As in ledger_entries.attempts.';
