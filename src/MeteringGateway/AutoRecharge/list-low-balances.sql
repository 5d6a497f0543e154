select r.account_id
from auto_recharge r
join accounts a on a.id = r.account_id
where r.enabled and a.credit_balance < r.threshold and a.status = 'active'
  and (r.paused_until is null or r.paused_until <= @now)
order by r.account_id
limit @limit
