-- What can be bought, what was ordered, and what payment providers said about it.

create table packages (
  id          bigint      generated always as identity primary key,
  slug        text        not null unique,
  name        text        not null,
  description text        not null default '',
  credits     bigint      not null check (credits between 1 and 1000000000000),
  price_cents bigint      not null check (price_cents between 0 and 1000000000000),
  currency    text        not null check (currency ~ '^[A-Z]{3}$'),
  sort_order  int         not null default 0,
  active      boolean     not null default true,
  created_at  timestamptz not null default now()
);

create table plans (
  id                   text        primary key default gen_random_uuid()::text,
  slug                 text        not null unique,
  name                 text        not null,
  description          text        not null default '',
  price_monthly        bigint      not null check (price_monthly between 0 and 1000000000000),
  price_yearly         bigint      null check (price_yearly between 0 and 1000000000000),
  currency             text        not null check (currency ~ '^[A-Z]{3}$'),
  credits_included     bigint      not null check (credits_included between 1 and 1000000000000),
  features             text[]      not null default '{}',
  stripe_price_monthly text        null,
  stripe_price_yearly  text        null,
  creem_product_id     text        null,
  sort_order           int         not null default 0,
  active               boolean     not null default true,
  created_at           timestamptz not null default now()
);
comment on column plans.credits_included is 'Given each month, whether a month or a year is paid for.';
comment on column plans.price_yearly is 'Null: the plan is sold by the month only.';

create table subscriptions (
  id                 bigint      generated always as identity primary key,
  account_id         bigint      not null references accounts,
  plan_id            text        not null references plans,
  channel            text        not null,
  billing            text        not null check (billing in ('monthly', 'yearly')),
  status             text        not null default 'pending' check (status in ('pending', 'active', 'past_due', 'canceled')),
  anchor             timestamptz null,
  period             int         not null default 0,
  current_period_end timestamptz null,
  created_at         timestamptz not null default now(),
  canceled_at        timestamptz null
);
create unique index subscriptions_one_active on subscriptions (account_id) where status = 'active';
create index subscriptions_due on subscriptions (current_period_end) where status = 'active';
comment on column subscriptions.anchor is 'When the first month was paid. Month n starts at anchor + n months, so that short months move no later one.';
comment on column subscriptions.period is 'The month that runs, from 0; each has its own order.';

create table orders (
  id              bigint      generated always as identity primary key,
  account_id      bigint      not null references accounts,
  kind            text        not null check (kind in ('package', 'top_up', 'auto_recharge', 'subscription')),
  status          text        not null default 'pending' check (status in ('pending', 'paid', 'fulfilled', 'declined', 'canceled')),
  credits         bigint      not null check (credits between 1 and 1000000000000),
  price_cents     bigint      not null check (price_cents >= 0),
  currency        text        not null,
  description     text        not null,
  package_id      bigint      null references packages,
  package_slug    text        null,
  package_name    text        null,
  subscription_id bigint      null references subscriptions,
  period          int         null,
  channel         text        not null,
  hosted          boolean     not null default false,
  payment_id      text        null,
  payment_url     text        null,
  refusal         text        null,
  idempotency_key text        null,
  request_hash    text        null,
  balance_after   bigint      null,
  attempts        int         not null default 0,
  retry_at        timestamptz not null,
  created_at      timestamptz not null,
  paid_at         timestamptz null,
  settled_at      timestamptz null,
  unique (account_id, idempotency_key),
  unique (channel, payment_id),
  unique (subscription_id, period)
);
create index orders_account on orders (account_id, id desc);
create index orders_open on orders (retry_at) where status in ('pending', 'paid');
create unique index orders_one_recharge on orders (account_id) where kind = 'auto_recharge' and status in ('pending', 'paid');
comment on table orders is 'The order comes first, then the payment, then the credit with entry id order:<id>. What a crash leaves open, any gateway finishes.';
comment on column orders.package_name is 'As it was when it was bought, like slug, credits and price: a later change of the catalog changes no past order.';
comment on column orders.hosted is 'Paid on the provider''s page, when the customer gets there; otherwise charged at once.';
comment on column orders.retry_at is 'From then on a sweeper may take the order up: the request that made it has had its time.';

create table payment_events (
  channel     text        not null,
  event_id    text        not null,
  kind        text        not null,
  order_id    bigint      null,
  payment_id  text        null,
  outcome     text        not null,
  received_at timestamptz not null default now(),
  primary key (channel, event_id)
);
comment on table payment_events is 'Each event of a provider once, with what came of it. Events are sent again for days; rows are kept.';

create table sandbox_payments (
  id           text        primary key,
  reference    text        not null unique,
  amount_cents bigint      not null,
  currency     text        not null,
  mode         text        not null check (mode in ('pay', 'decline', 'pending', 'later')),
  status       text        not null check (status in ('pending', 'paid', 'declined', 'canceled')),
  success_url  text        null,
  cancel_url   text        null,
  pays_at      timestamptz null,
  created_at   timestamptz not null
);
comment on table sandbox_payments is 'The memory of the built-in payment provider: what a real one would keep on its side.';

create table auto_recharge (
  account_id   bigint      primary key references accounts,
  enabled      boolean     not null,
  threshold    bigint      not null check (threshold between 1 and 1000000000000),
  amount_cents bigint      not null check (amount_cents between 100 and 1000000000),
  paused_until timestamptz null,
  last_refusal text        null,
  updated_at   timestamptz not null
);
comment on column auto_recharge.paused_until is 'After a refused payment: a card that was declined is not tried every second.';
