-- Credits that people earn: the daily check-in and coupons.

create table rewards (
  entry_id      text        primary key,
  account_id    bigint      not null references accounts,
  credits       bigint      not null check (credits > 0),
  entry_type    text        not null check (entry_type in ('checkin', 'coupon')),
  description   text        not null,
  status        text        not null default 'pending' check (status in ('pending', 'applied', 'refused')),
  balance_after bigint      null,
  created_at    timestamptz not null default now()
);
create index rewards_pending on rewards (created_at) where status = 'pending';
comment on table rewards is 'The intent comes first, then the credit with the same entry id; a pending row is finished by whichever gateway finds it.';

create table checkin_config (
  singleton       boolean     primary key default true check (singleton),
  enabled         boolean     not null default true,
  amount          bigint      not null default 10 check (amount between 1 and 1000000),
  streak_bonus    bigint      not null default 2 check (streak_bonus between 0 and 1000000),
  max_streak_days int         not null default 7 check (max_streak_days between 1 and 3650),
  updated_at      timestamptz not null default now()
);
insert into checkin_config default values;
comment on table checkin_config is 'One row. A check-in is worth amount + streak_bonus × (days in a row − 1), where at most max_streak_days count.';

create table check_ins (
  account_id bigint not null references accounts,
  day        date   not null,
  streak     int    not null check (streak > 0),
  entry_id   text   not null references rewards,
  primary key (account_id, day)
);
comment on table check_ins is 'One a day for each account; the day is PostgreSQL''s in UTC.';

create table coupons (
  id         bigint      generated always as identity primary key,
  code       text        not null,
  credits    bigint      not null check (credits > 0),
  max_uses   int         not null check (max_uses > 0),
  uses       int         not null default 0,
  starts_at  timestamptz null,
  expires_at timestamptz null,
  created_at timestamptz not null default now(),
  check (uses between 0 and max_uses)
);
create unique index coupons_code on coupons (upper(code));

create table coupon_redemptions (
  coupon_id  bigint      not null references coupons,
  account_id bigint      not null references accounts,
  entry_id   text        not null references rewards,
  created_at timestamptz not null default now(),
  primary key (coupon_id, account_id)
);
