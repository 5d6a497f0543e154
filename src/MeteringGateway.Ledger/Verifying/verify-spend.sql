-- Compares the spend of keys, as limits take it from the ledger after a recovery, with the keys' charges less their reversals.
-- Every period counts every charge, so each sums up to the same; an account's months sum up to the charges of its keys.
with charged as (
  select account_id, key_id, -sum(credits_delta) as credits
  from ledger_entries
  where key_id is not null
  group by account_id, key_id
), compared as (
  select c.account_id, format('key %s, %s', c.key_id, p.period) as what, coalesce(s.spent, 0) as spent, c.credits
  from charged c
  join keys k on k.id = c.key_id
  cross join (values ('FIXED'), ('DAILY'), ('WEEKLY'), ('MONTHLY')) as p (period)
  left join (select key_id, period, sum(spent) as spent from key_spend group by key_id, period) s
    on s.key_id = c.key_id and s.period = p.period
  union all
  select k.account_id, format('key %s, FIXED', s.key_id), s.spent, 0
  from key_spend s join keys k on k.id = s.key_id
  where s.period = 'FIXED' and s.spent <> 0 and not exists (select from charged c where c.key_id = s.key_id)
  union all
  select c.account_id, 'account, MONTHLY', coalesce(s.spent, 0), c.credits
  from (select account_id, sum(credits) as credits from charged group by account_id) c
  left join (select account_id, sum(spent) as spent from account_spend group by account_id) s on s.account_id = c.account_id
)
select account_id, what, spent, credits, count(*) over ()
from compared
where spent <> credits
order by account_id, what
limit @limit;
