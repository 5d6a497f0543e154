-- Notes every threshold that the queued rows have crossed, once, and a delivery where the account has a webhook.
-- A charge counts in the windows of its reservation, which the flusher queued with it; a changed limit is looked at in the windows of now:
-- @day, @week and @month.
with touched as (
  select q.cause, q.account_id, q.key_id, q.first_seq, q.last_seq,
         case when q.cause = 'entries' then q.day else @day end as day,
         case when q.cause = 'entries' then q.week else @week end as week,
         case when q.cause = 'entries' then q.month else @month end as month
  from notice_queue q
  where q.id = any(@ids)
),
percents as (select unnest(array[50, 80, 100]) as percent),
of_keys as (
  select distinct k.account_id, k.id as key_id, 'key_limit' as type, w.period, w.window_id, p.percent, w.threshold, s.spent,
    null::bigint as balance
  from touched t
  join keys k on k.id = t.key_id
  cross join lateral (values ('FIXED', k.limit_fixed, 0::bigint), ('DAILY', k.limit_daily, t.day), ('WEEKLY', k.limit_weekly, t.week),
    ('MONTHLY', k.limit_monthly, t.month))
    as w (period, threshold, window_id)
  join key_spend s on s.key_id = k.id and s.period = w.period and s.window_id = w.window_id
  join percents p on s.spent * 100 >= w.threshold * p.percent
  where t.day is not null and w.threshold > 0
),
of_budgets as (
  select distinct a.id, null::bigint, 'account_budget', 'MONTHLY', s.window_id, p.percent, a.monthly_budget, s.spent, null::bigint
  from touched t
  join accounts a on a.id = t.account_id
  join account_spend s on s.account_id = a.id and s.period = 'MONTHLY' and s.window_id = t.month
  join percents p on s.spent * 100 >= a.monthly_budget * p.percent
  where a.monthly_budget > 0 and t.cause in ('entries', 'budget')
),
-- From the entries themselves, so that a balance which fell and rose again between two looks is noticed, too.
of_balances as (
  select distinct a.id, null::bigint, 'low_balance', null::text, e.seq, p.percent, a.low_balance_mark, null::bigint, e.balance_after
  from touched t
  join accounts a on a.id = t.account_id and a.low_balance_mark is not null
  join ledger_entries e on e.account_id = a.id and e.seq between t.first_seq and t.last_seq
  join percents p on e.balance_after * 100 <= a.low_balance_mark * p.percent
    and (e.balance_after - e.credits_delta) * 100 > a.low_balance_mark * p.percent
    and (a.low_balance_mark > 0 or p.percent = 100)
  where t.cause = 'entries'
),
of_marks as (
  select distinct a.id, null::bigint, 'low_balance', null::text, a.seq, p.percent, a.low_balance_mark, null::bigint, a.credit_balance
  from touched t
  join accounts a on a.id = t.account_id and a.low_balance_mark is not null
  join percents p on a.credit_balance * 100 <= a.low_balance_mark * p.percent and (a.low_balance_mark > 0 or p.percent = 100)
  where t.cause = 'mark'
),
crossings as (
  select * from of_keys
  union all select * from of_budgets
  union all select * from of_balances
  union all select * from of_marks
),
noted as (
  insert into notices (account_id, key_id, type, period, window_id, percent, threshold, spent, balance)
  select account_id, key_id, type, period, window_id, percent, threshold, spent, balance
  from crossings
  -- In the order in which a rising spend and a falling balance cross them.
  order by account_id, type, key_id, period, window_id, case when type = 'low_balance' then -percent else percent end
  on conflict do nothing
  returning id, account_id
),
due as (
  insert into webhook_deliveries (notice_id)
  select n.id from noted n join webhooks w on w.account_id = n.account_id
  returning notice_id
)
select count(*)::int from noted;

delete from notice_queue where id = any(@ids);
