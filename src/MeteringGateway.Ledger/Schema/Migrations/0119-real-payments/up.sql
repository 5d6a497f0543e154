-- Payment providers that take real money: who an account is there, what it pays with, and what they take back.

create table payment_customers (
  account_id  bigint      not null references accounts,
  channel     text        not null,
  customer_id text        not null,
  created_at  timestamptz not null default now(),
  primary key (account_id, channel),
  unique (channel, customer_id)
);
comment on table payment_customers is 'Who an account is at a payment provider. What the provider says of a customer is said of this account alone.';

create table payment_methods (
  account_id bigint      not null references accounts,
  channel    text        not null,
  method_id  text        not null,
  brand      text        not null,
  last4      text        not null,
  exp_month  int         null,
  exp_year   int         null,
  is_default boolean     not null default false,
  created_at timestamptz not null default now(),
  primary key (account_id, channel, method_id)
);
create unique index payment_methods_one_default on payment_methods (account_id) where is_default;
comment on table payment_methods is 'What an account has on file at a provider; the card itself is there alone.';

alter table orders add column checkout_id text null;
alter table orders add column saves_method boolean not null default false;
alter table orders add column paid_cents bigint null;
alter table orders add column reversed_credits bigint not null default 0 check (reversed_credits >= 0);
alter table orders add column taken_back boolean not null default false;
create unique index orders_checkout on orders (channel, checkout_id);
comment on column orders.checkout_id is 'What the provider calls the page that the order is paid on.';
comment on column orders.saves_method is 'Its page keeps what the customer pays with, for charges without a page.';
comment on column orders.paid_cents is 'What the provider took for it in all, tax and discounts included; null: price_cents.';
comment on column orders.reversed_credits is 'How many of its credits, and of those of the months that it has paid, refunds and disputes have been booked for, as debits or as debts.';
comment on column orders.taken_back is 'All of its money is gone: of a year that it has paid no further months are handed out.';

create table payment_aliases (
  channel    text not null,
  alias      text not null,
  payment_id text not null,
  primary key (channel, alias)
);
comment on table payment_aliases is 'Other names of a payment: an invoice''s intent, an intent''s charge. payment_id is the one that an order has.';

create table payment_reversals (
  channel      text        not null,
  reversal_id  text        not null,
  kind         text        not null check (kind in ('refund', 'refund_total', 'dispute')),
  payment_id   text        not null,
  amount_cents bigint      not null check (amount_cents >= 0),
  currency     text        null,
  state        text        not null check (state in ('pending', 'effective', 'undone')),
  booked       text        not null default 'pending' check (booked in ('pending', 'effective', 'undone')),
  created_at   timestamptz not null default now(),
  primary key (channel, reversal_id)
);
create index payment_reversals_payment on payment_reversals (channel, payment_id);
create index payment_reversals_unbooked on payment_reversals (channel, payment_id) where booked <> state;
comment on table payment_reversals is 'Refunds and disputes as the provider tells of them, also those of payments that are not known yet.';
comment on column payment_reversals.state is 'Goes one way: pending, effective (the money is gone), undone (it came back).';
comment on column payment_reversals.booked is 'How far its order''s credits have followed: not before the order has them.';

create table reversal_movements (
  entry_id   text        primary key,
  account_id bigint      not null references accounts,
  order_id   bigint      not null references orders,
  kind       text        not null check (kind in ('refund', 'dispute', 'reinstated', 'debt')),
  credits    bigint      not null check (credits between 1 and 1000000000000),
  amount     bigint      not null,
  attempt    int         not null default 1,
  status     text        not null default 'pending' check (status in ('pending', 'applied')),
  moved      bigint      null,
  retry_at   timestamptz not null,
  created_at timestamptz not null default now()
);
create index reversal_movements_open on reversal_movements (entry_id) where status = 'pending';
create index reversal_movements_account on reversal_movements (account_id, created_at) where status = 'pending';
comment on table reversal_movements is 'What refunds, disputes and debts do to a balance: the row first, then the credits under entry_id, then the row again.';
comment on column reversal_movements.credits is 'How many are to move.';
comment on column reversal_movements.amount is 'How many this attempt moves: a debit takes at most what is free. Changed only where Redis refused the attempt.';
comment on column reversal_movements.moved is 'How many moved in the end.';

create table debts (
  id         bigint      generated always as identity primary key,
  account_id bigint      not null references accounts,
  order_id   bigint      not null references orders,
  entry_id   text        not null unique,
  credits    bigint      not null check (credits >= 1),
  open       bigint      not null check (open between 0 and credits),
  created_at timestamptz not null default now()
);
create index debts_open on debts (account_id, id) where open > 0;
comment on table debts is 'Credits that a refund or a dispute takes back and that are spent. entry_id is the movement that could not take them.';
comment on column debts.open is 'What no purchase has paid or is about to pay, and what no reinstatement has forgiven.';

create table debt_payments (
  entry_id text   not null references reversal_movements,
  debt_id  bigint not null references debts,
  credits  bigint not null check (credits >= 0),
  primary key (entry_id, debt_id)
);
comment on table debt_payments is 'Which purchase pays how much of which debt; set aside before its credits move.';

alter table payment_events add column body text null;
alter table payment_events add column api_version text null;
alter table payment_events add column occurred_at timestamptz null;
alter table payment_events add column needs_person boolean not null default false;
alter table payment_events add column resolved_at timestamptz null;
alter table payment_events add column resolved_by text null;
alter table payment_events add column reader int not null default 1;
create index payment_events_open on payment_events (received_at) where needs_person and resolved_at is null;
create index payment_events_bodies on payment_events (received_at) where body is not null;
comment on column payment_events.body is 'As it came, for 30 days: what was misread can be read again.';
comment on column payment_events.reader is 'Which kinds of events the gateway that took it could read. One of before this migration put aside what it did not know: that is taken when it is listed again.';
comment on column payment_events.needs_person is 'Money came in, or went, and nothing here could take it.';

create table payment_catch_ups (
  channel    text        primary key,
  seen_until timestamptz not null
);
comment on table payment_catch_ups is 'Up to when the provider''s own list of what happened has been read.';

alter table subscriptions add column provider_id text null;
alter table subscriptions add column provider_ending boolean not null default false;
alter table subscriptions add column provider_over boolean not null default false;
alter table subscriptions add column provider_as_of timestamptz null;
alter table subscriptions add column provider_period_end timestamptz null;
alter table subscriptions add column price_cents bigint null;
create unique index subscriptions_provider on subscriptions (channel, provider_id);
comment on column subscriptions.provider_id is 'The provider''s own subscription, which it alone charges; null: the months are ordered and charged here.';
comment on column subscriptions.provider_ending is 'What the provider has been told last: whether the subscription ends with what is paid.';
comment on column subscriptions.provider_over is 'The provider''s subscription has ended for good: nothing is charged any more, and it can''t be taken back.';
comment on column subscriptions.provider_as_of is 'When the provider said what is known of it, by its own clock; what is older changes nothing.';
comment on column subscriptions.provider_period_end is 'The latest end of what its payments have paid.';
comment on column subscriptions.price_cents is 'The price that was agreed with the provider; null where there is none.';
