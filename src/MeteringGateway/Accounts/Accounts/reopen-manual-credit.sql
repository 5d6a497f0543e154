-- A refused credit changed nothing, so the same reference may try again. As another attempt: Redis refuses what it has refused,
-- for an hour.
update manual_credits
set status = 'pending', attempt = attempt + 1
where id = @id and status = 'refused';

select id, account_id as AccountId, amount, type, description, reference, status, attempt, balance_after as BalanceAfter,
  created_at as CreatedAt
from manual_credits
where id = @id
