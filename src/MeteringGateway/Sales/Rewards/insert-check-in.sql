-- Both rows or none. Of many at once the first inserts; the others wait for it and then find the day taken,
-- by the person or for the wallet.
-- The day is PostgreSQL's, so that all gateways agree on when it ends. Days in a row are the person's, in whatever wallets.
with today as (
  select (now() at time zone 'utc')::date as day
), worth as (
  select a.id as account_id, t.day, coalesce(y.streak, 0) + 1 as streak,
         c.amount + c.streak_bonus * (least(coalesce(y.streak, 0) + 1, c.max_streak_days) - 1) as credits,
         'checkin:' || a.id || ':' || to_char(t.day, 'YYYY-MM-DD') as entry_id
  from checkin_config c
  cross join today t
  join accounts a on a.id = @accountId
  left join check_ins y on y.person_id = @personId and y.day = t.day - 1
  where c.enabled
), day as (
  insert into check_ins (account_id, person_id, day, streak, entry_id)
  select account_id, @personId, day, streak, entry_id
  from worth
  on conflict do nothing
  returning entry_id
)
insert into rewards (entry_id, account_id, credits, entry_type, description)
select w.entry_id, w.account_id, w.credits, 'checkin', 'Daily check-in, day ' || w.streak || ' in a row'
from worth w
join day d on d.entry_id = w.entry_id
returning entry_id as EntryId, account_id as AccountId, credits, entry_type as EntryType, description, status,
  balance_after as BalanceAfter, created_at as CreatedAt
