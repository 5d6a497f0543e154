select id, account_id as AccountId, amount, type, description, reference, status, attempt, balance_after as BalanceAfter,
  created_at as CreatedAt
from manual_credits
where reference = @reference
