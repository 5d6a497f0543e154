-- Threshold notices: what has to be looked at, what was noticed, and what of it has to reach a webhook.

alter table accounts add column low_balance_mark bigint null check (low_balance_mark >= 0);
comment on column accounts.low_balance_mark is 'A notice is due when the balance falls to it; null: none.';

create table notice_queue (
  id         bigint generated always as identity primary key,
  cause      text   not null check (cause in ('entries', 'key', 'budget', 'mark')),
  account_id bigint not null,
  key_id     bigint null,
  day        bigint null,
  week       bigint null,
  month      bigint null,
  first_seq  bigint null,
  last_seq   bigint null
);
comment on table notice_queue is 'Where a threshold may have been crossed: the flusher adds what it has written, a change of a limit adds what it has changed, in the same transaction; the watcher takes rows away.';

create table notices (
  id          bigint      generated always as identity primary key,
  account_id  bigint      not null references accounts,
  key_id      bigint      null references keys,
  type        text        not null check (type in ('key_limit', 'account_budget', 'low_balance')),
  period      text        null check (period in ('FIXED', 'DAILY', 'WEEKLY', 'MONTHLY')),
  window_id   bigint      not null,
  percent     int         not null,
  threshold   bigint      not null,
  spent       bigint      null,
  balance     bigint      null,
  occurred_at timestamptz not null default now()
);
create unique index notices_once on notices (account_id, type, coalesce(key_id, 0), coalesce(period, ''), window_id, percent, threshold);
create index notices_account on notices (account_id, id);
comment on table notices is 'One row for each crossing. window_id as in key_spend; for low_balance the seq of the entry that crossed. A limit that was changed is another threshold and is crossed anew.';

create table webhooks (
  account_id bigint      primary key references accounts,
  url        text        not null,
  nonce      bytea       not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table webhooks is 'Where an account wants its notices. The secret that signs them is made of the gateway''s signing key and nonce, and stored nowhere.';

create table webhook_deliveries (
  notice_id       bigint      primary key references notices,
  status          text        not null default 'pending' check (status in ('pending', 'delivered', 'dead')),
  attempts        int         not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error      text        null,
  settled_at      timestamptz null
);
create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where status = 'pending';
create index webhook_deliveries_dead on webhook_deliveries (notice_id) where status = 'dead';
comment on column webhook_deliveries.next_attempt_at is 'While an attempt runs: when it counts as lost with its gateway.';
