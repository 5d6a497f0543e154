-- Old enough that the request which made them is not about to finish them itself.
select entry_id as EntryId, account_id as AccountId, credits, entry_type as EntryType, description, status, balance_after as BalanceAfter,
  created_at as CreatedAt
from rewards
where status = 'pending'
  and created_at < now() - @age
  and entry_id > @after
order by entry_id
limit @limit
