-- What the gateway must never forget: who has an account and keys, and every credit that moved.

create table settings (
  name  text primary key,
  value text not null
);
comment on table settings is 'Facts that are decided once, at the first start: the number of partitions, the operator token''s hash.';

create table partitions (
  partition int    primary key,
  epoch     bigint not null default 0,
  gen       bigint not null default 0,
  run_id    text   null
);
comment on table partitions is 'epoch: raised by each recovery, a flush of an older one is refused. gen: the highest generation of Redis that was flushed. run_id: the Redis process that the epoch was written to.';

create table accounts (
  id             bigint      generated always as identity primary key,
  email          text        not null,
  full_name      text        not null,
  kind           text        not null check (kind in ('personal', 'team')),
  status         text        not null default 'active' check (status in ('active', 'suspended')),
  credit_balance bigint      not null default 0,
  seq            bigint      not null default 0,
  monthly_budget bigint      null check (monthly_budget >= 0),
  version        bigint      not null default 1,
  created_at     timestamptz not null default now()
);
create unique index accounts_email on accounts (lower(email));
comment on column accounts.credit_balance is 'The last balance_after of the account''s ledger; only the flusher writes it.';
comment on column accounts.version is 'Raised with each change of status or budget, so that Redis never goes back to an older one.';

create table keys (
  id                     bigint      generated always as identity primary key,
  account_id             bigint      not null references accounts,
  name                   text        not null,
  prefix                 text        not null,
  mode                   text        not null check (mode in ('live', 'test')),
  status                 text        not null default 'active' check (status in ('active', 'revoked')),
  limit_fixed            bigint      null check (limit_fixed >= 0),
  limit_daily            bigint      null check (limit_daily >= 0),
  limit_weekly           bigint      null check (limit_weekly >= 0),
  limit_monthly          bigint      null check (limit_monthly >= 0),
  rate_limit_per_minute  int         null check (rate_limit_per_minute > 0),
  surfaces               text[]      null,
  expires_at             timestamptz null,
  secret_version         int         not null default 1,
  previous_secret_until  timestamptz null,
  version                bigint      not null default 1,
  created_at             timestamptz not null default now(),
  revoked_at             timestamptz null
);
create index keys_account on keys (account_id, id);
comment on column keys.surfaces is 'Slugs the key may call; null: all.';
comment on column keys.previous_secret_until is 'Until then the secret before secret_version still works; null: it does not.';

create table key_secrets (
  hash    bytea  primary key,
  key_id  bigint not null references keys,
  version int    not null
);
comment on table key_secrets is 'SHA-256 of each secret of a key. A secret has 256 random bits, so a fast hash is enough.';

create table ledger_entries (
  entry_id      text        primary key,
  account_id    bigint      not null references accounts,
  seq           bigint      not null,
  credits_delta bigint      not null,
  balance_after bigint      not null,
  entry_type    text        not null,
  key_id        bigint      null,
  surface       text        null,
  provider      text        null,
  description   text        null,
  metadata      jsonb       null,
  occurred_at   timestamptz not null,
  recorded_at   timestamptz not null default now(),
  unique (account_id, seq)
);
comment on table ledger_entries is 'Append-only. Per account seq runs 1, 2, 3 … and balance_after is the previous one plus credits_delta.';

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'ledger_entries is append-only: % refused', tg_op;
end $$;
create trigger ledger_entries_append_only before update or delete on ledger_entries
  for each row execute function ledger_is_append_only();
create trigger ledger_entries_no_truncate before truncate on ledger_entries
  for each statement execute function ledger_is_append_only();

create table key_spend (
  key_id    bigint not null references keys,
  period    text   not null check (period in ('FIXED', 'DAILY', 'WEEKLY', 'MONTHLY')),
  window_id bigint not null,
  spent     bigint not null,
  primary key (key_id, period, window_id)
);
comment on table key_spend is 'Credits charged through a key, by the window in which they were reserved. window_id: 0 for FIXED; days since 1970-01-01; weeks from Monday since 1969-12-29; months since year 0.';

create table account_spend (
  account_id bigint not null references accounts,
  period     text   not null check (period = 'MONTHLY'),
  window_id  bigint not null,
  spent      bigint not null,
  primary key (account_id, period, window_id)
);
comment on table account_spend is 'Credits charged to an account by month of reservation, for its monthly budget.';

create table poison_entries (
  id          bigint      generated always as identity primary key,
  partition   int         not null,
  raw         text        not null,
  reason      text        not null,
  recorded_at timestamptz not null default now()
);
-- A batch that is read again (a crash between commit and trim) sets the same entry aside once.
create unique index poison_entries_once on poison_entries (partition, md5(raw));
comment on table poison_entries is 'Outbox entries that could not be written. They wait for an operator and never block the rest.';

create table audit (
  id          bigint      generated always as identity primary key,
  actor       text        not null,
  action      text        not null,
  target      text        not null,
  before      jsonb       null,
  after       jsonb       null,
  occurred_at timestamptz not null default now()
);
comment on table audit is 'Who changed what, before and after. Never holds a secret.';
