-- What the operator API needs beyond the books: which changes Redis has, sessions, and credits that were ordered by hand.

alter table accounts add column applied_version bigint not null default 0;
comment on column accounts.applied_version is 'The version that Redis is known to have. Behind version: the change has yet to reach it.';
create index accounts_unapplied on accounts (id) where applied_version < version;

alter table keys add column applied_version bigint not null default 0;
comment on column keys.applied_version is 'The version that Redis is known to have. Behind version: the change has yet to reach it.';
create index keys_unapplied on keys (id) where applied_version < version;

create table sessions (
  hash       bytea       primary key,
  account_id bigint      not null references accounts,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_account on sessions (account_id);
comment on table sessions is 'SHA-256 of each session token.';

create table manual_credits (
  id            bigint      generated always as identity primary key,
  account_id    bigint      not null references accounts,
  amount        bigint      not null check (amount <> 0),
  type          text        not null check (type in ('support', 'bonus', 'refund', 'adjustment')),
  description   text        not null,
  reference     text        null unique,
  status        text        not null default 'pending' check (status in ('pending', 'applied', 'refused')),
  balance_after bigint      null,
  created_at    timestamptz not null default now()
);
create index manual_credits_pending on manual_credits (id) where status = 'pending';
comment on table manual_credits is 'The intent comes first, then the credit with entry id manual:<id>; a pending row is finished by whichever gateway finds it. A refused one changed nothing.';
