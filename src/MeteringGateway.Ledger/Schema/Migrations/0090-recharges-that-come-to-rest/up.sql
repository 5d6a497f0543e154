-- One recharge a fall below the threshold, within a cap a month, and an end to a card that is refused again and again.

alter table auto_recharge add column monthly_cap_cents bigint null check (monthly_cap_cents between 100 and 100000000000);
alter table auto_recharge add column fired_at timestamptz null;
alter table auto_recharge add column fired_seq bigint null;
alter table auto_recharge add column stopped_at timestamptz null;
comment on column auto_recharge.monthly_cap_cents is 'The most that recharges may cost in a month of UTC; null: four times the amount.';
comment on column auto_recharge.fired_at is 'When the account bought for the fall that lasts; null: not yet. The fall ends with an entry after fired_seq that reaches the threshold.';
comment on column auto_recharge.stopped_at is 'Turned off by refusals in a row; null: never, or turned on again since.';
comment on column auto_recharge.updated_at is 'The last change by the customer; refusals count from there.';

-- More than a recharge may cost from now on: whoever means it turns it on again with an amount that is taken.
update auto_recharge set enabled = false where amount_cents > 1000000;

create index orders_recharges on orders (account_id, id desc) where kind = 'auto_recharge';
create index ledger_entries_credits on ledger_entries (account_id, seq) where credits_delta > 0;

-- The features that give notice know their types; a list here would have each of them change it.
alter table notices drop constraint if exists notices_type_check;
alter table notices add constraint notices_type_check check (type ~ '^[a-z_]{1,40}$');
alter table notices add column reason text null;
comment on column notices.reason is 'What a person reads where no number tells it; null for a threshold.';
