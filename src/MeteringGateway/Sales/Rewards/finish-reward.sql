-- Of two gateways that finish the same row, the one whose credit went through is right.
update rewards
set status = @status, balance_after = @balanceAfter
where entry_id = @entryId
  and (status = 'pending' or (status = 'refused' and @status = 'applied'));

select entry_id as EntryId, account_id as AccountId, credits, entry_type as EntryType, description, status, balance_after as BalanceAfter,
  created_at as CreatedAt
from rewards
where entry_id = @entryId
