-- A subscription runs to the end of what is paid, changes there, is tried again when a payment is refused, and starts anew after a pause.

alter table subscriptions add column anchor_period int not null default 0;
alter table subscriptions add column billed_from int not null default 0;
alter table subscriptions add column paid_through int not null default 0;
alter table subscriptions add column cancel_at_period_end boolean not null default false;
alter table subscriptions add column next_plan_id text null references plans;
alter table subscriptions add column next_billing text null check (next_billing in ('monthly', 'yearly'));
alter table subscriptions add column next_channel text null;
alter table subscriptions add column refusals int not null default 0;
alter table subscriptions add column retry_at timestamptz null;
alter table subscriptions add column person_id bigint null references accounts;
comment on column subscriptions.anchor is 'When month anchor_period started. Month n starts n - anchor_period months later, counted in UTC, so that short months move no later one.';
comment on column subscriptions.billed_from is 'The month with which the present plan and billing started; years count from there.';
comment on column subscriptions.paid_through is 'The first month that is not paid for.';
comment on column subscriptions.next_plan_id is 'What the subscription changes to at paid_through; null: nothing.';
comment on column subscriptions.refusals is 'Of the month that is to be paid; each of its orders has the number of those before it as attempt.';
comment on column subscriptions.retry_at is 'When the refused payment is tried again.';
comment on column subscriptions.person_id is 'Who took it, whatever the wallet: what costs nothing is given once a person.';

update subscriptions
set paid_through = case when billing = 'yearly' then (period / 12 + 1) * 12 else period + 1 end
where status <> 'pending';
create index subscriptions_retry on subscriptions (retry_at) where status = 'past_due';

-- Nobody expects a charge for what was refused long ago.
update subscriptions
set status = 'canceled', canceled_at = now()
where status = 'past_due' and current_period_end < now() - interval '192 hours';
update subscriptions set refusals = 1, retry_at = now() + interval '24 hours' where status = 'past_due';

-- Two that were paid both run to the end of what is paid; the older is not renewed.
drop index subscriptions_one_active;
create index subscriptions_account on subscriptions (account_id, id desc);

alter table orders add column attempt int not null default 0;
alter table orders drop constraint orders_subscription_id_period_key;
create unique index orders_one_attempt on orders (subscription_id, period, attempt);
alter table orders add column person_id bigint null references accounts;
create unique index orders_free_once on orders (person_id, package_id) where price_cents = 0 and package_id is not null;
comment on column orders.attempt is 'Of a subscription''s month: a refused payment can''t be paid again under its reference, so each try is an order.';
comment on column orders.person_id is 'Who ordered, whatever the wallet; null: not known.';

create table free_plans (
  person_id bigint      not null references accounts,
  plan_id   text        not null references plans,
  until     timestamptz not null,
  primary key (person_id, plan_id)
);
comment on table free_plans is 'Until when a person has had the credits of a plan that costs nothing, whichever wallet they went to.';
