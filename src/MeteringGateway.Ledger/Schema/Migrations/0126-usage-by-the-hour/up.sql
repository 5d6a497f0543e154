-- What was used, added up by the hour and by the day: charts and sums never read the ledger's entries. Filled behind the flusher, a few
-- entries of an account at a time, and from the beginning of the ledger: what was written before this migration follows in the background.
-- No foreign keys: a row takes no lock on the account's row, which the flushes update.

create table usage_progress (
  account_id bigint primary key,
  seq        bigint not null default 0
) with (fillfactor = 70);
comment on table usage_progress is 'How far an account''s entries are in usage_hourly, usage_daily and surface_usage_hourly: all up to this seq, and none after. Moved on by the statement that adds them up, so that each counts once whatever gateway dies where.';

create table usage_hourly (
  account_id bigint      not null,
  hour       timestamptz not null,
  key_id     bigint      not null,
  surface    text        not null,
  provider   text        not null,
  calls      bigint      not null,
  credits    bigint      not null,
  primary key (account_id, hour, key_id, surface, provider)
) with (fillfactor = 80);
comment on table usage_hourly is 'Entries of type usage, by the hour of occurred_at in UTC. key_id 0 and empty texts stand for null.';

create table usage_daily (
  account_id bigint      not null,
  day        timestamptz not null,
  key_id     bigint      not null,
  surface    text        not null,
  provider   text        not null,
  calls      bigint      not null,
  credits    bigint      not null,
  primary key (account_id, day, key_id, surface, provider)
) with (fillfactor = 80);
create index usage_daily_over_accounts on usage_daily (day);
comment on table usage_daily is 'As usage_hourly, by the day in UTC: a year of an account is read in no time, and so is who used most in a month.';

create table surface_usage_hourly (
  hour     timestamptz not null,
  surface  text        not null,
  provider text        not null,
  calls    bigint      not null,
  credits  bigint      not null,
  primary key (hour, surface, provider)
) with (fillfactor = 70);
comment on table surface_usage_hourly is 'As usage_hourly, over all accounts.';

-- Refused calls have no entry. They are counted in memory and added here every few seconds: a gateway that dies forgets those few seconds.
create table refusals_hourly (
  account_id bigint      not null,
  hour       timestamptz not null,
  key_id     bigint      not null,
  surface    text        not null,
  code       text        not null,
  calls      bigint      not null,
  primary key (account_id, hour, key_id, surface, code)
) with (fillfactor = 80);
comment on table refusals_hourly is 'Calls of live keys that were not charged, by the code that they were answered with.';

create table surface_refusals_hourly (
  hour    timestamptz not null,
  surface text        not null,
  code    text        not null,
  calls   bigint      not null,
  primary key (hour, surface, code)
) with (fillfactor = 70);
comment on table surface_refusals_hourly is 'As refusals_hourly, over all accounts.';
