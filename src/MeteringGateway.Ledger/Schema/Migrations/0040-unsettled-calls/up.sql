-- Calls whose commit could not be settled before their hold's deadline: the client was told that nothing is charged, and that is made true.

create table unsettled_calls (
  request_id text        primary key,
  account_id bigint      not null references accounts,
  key_id     bigint      not null references keys,
  price      bigint      not null check (price > 0),
  surface    text        not null,
  outcome    text        null check (outcome in ('free', 'reversed')),
  created_at timestamptz not null default now(),
  settled_at timestamptz null
);
create index unsettled_calls_pending on unsettled_calls (request_id) where outcome is null;
comment on table unsettled_calls is 'free: the commit had not taken effect and never will. reversed: it had, and the entry reversal:<request_id> gave the credits back.';
