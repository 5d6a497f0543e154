-- Of two that settle the same row, the one whose credit went through is right.
update manual_credits
set status = @status, balance_after = @balanceAfter
where id = @id
  and (status = 'pending' or (status = 'refused' and @status = 'applied'));

select id, account_id as AccountId, amount, type, description, reference, status, balance_after as BalanceAfter, created_at as CreatedAt
from manual_credits
where id = @id
