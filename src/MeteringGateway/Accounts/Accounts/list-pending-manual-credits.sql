-- Old enough that the request which made them is not about to finish them itself.
select id, account_id as AccountId, amount, type, description, reference, status, attempt, balance_after as BalanceAfter,
  created_at as CreatedAt
from manual_credits
where status = 'pending'
  and created_at < now() - @age
  and id > @after
order by id
limit @limit
