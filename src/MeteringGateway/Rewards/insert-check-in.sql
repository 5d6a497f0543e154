-- Both rows or none. Of many at once the first inserts; the others wait for it and then find the day taken.
-- The day is PostgreSQL's, so that all gateways agree on when it ends.
with today as (
  select (now() at time zone 'utc')::date as day
), worth as (
  select a.id as account_id, t.day, coalesce(y.streak, 0) + 1 as streak,
         c.amount + c.streak_bonus * (least(coalesce(y.streak, 0) + 1, c.max_streak_days) - 1) as credits,
         'checkin:' || a.id || ':' || to_char(t.day, 'YYYY-MM-DD') as entry_id
  from checkin_config c
  cross join today t
  join accounts a on a.id = @accountId
  left join check_ins y on y.account_id = a.id and y.day = t.day - 1
  where c.enabled
), reward as (
  insert into rewards (entry_id, account_id, credits, entry_type, description)
  select entry_id, account_id, credits, 'checkin', 'Daily check-in, day ' || streak || ' in a row'
  from worth
  on conflict (entry_id) do nothing
  returning entry_id, account_id, credits, entry_type, description, status, balance_after, created_at
), day as (
  insert into check_ins (account_id, day, streak, entry_id)
  select w.account_id, w.day, w.streak, w.entry_id
  from worth w
  join reward r on r.entry_id = w.entry_id
)
select r.entry_id as EntryId, r.account_id as AccountId, r.credits, r.entry_type as EntryType, r.description, r.status,
       r.balance_after as BalanceAfter, r.created_at as CreatedAt
from reward r
