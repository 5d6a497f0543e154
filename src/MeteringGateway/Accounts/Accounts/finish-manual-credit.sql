-- Of two gateways that finish the same row, the one whose credit went through is right; a refusal counts for its own attempt.
update manual_credits
set status = @status, balance_after = @balanceAfter
where id = @id
  and ((@status = 'applied' and status <> 'applied') or (status = 'pending' and attempt = @attempt));

select id, account_id as AccountId, amount, type, description, reference, status, attempt, balance_after as BalanceAfter,
  created_at as CreatedAt
from manual_credits
where id = @id
