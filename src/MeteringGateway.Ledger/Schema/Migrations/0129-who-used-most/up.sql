-- Who used most in a month, of many accounts with many keys each: a row a day of an account.

create table account_usage_daily (
  day        timestamptz not null,
  account_id bigint      not null,
  calls      bigint      not null,
  credits    bigint      not null,
  primary key (day, account_id)
) with (fillfactor = 70);
comment on table account_usage_daily is 'As usage_daily, over all keys, surfaces and providers of an account.';

insert into account_usage_daily (day, account_id, calls, credits)
select day, account_id, sum(calls)::bigint, sum(credits)::bigint from usage_daily group by day, account_id;

drop index usage_daily_over_accounts;
