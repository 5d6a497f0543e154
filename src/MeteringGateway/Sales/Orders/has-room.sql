-- Whether credits fit beside the balance and what else is on its way. The ledger may be a flush behind in charges, which lower a balance.
select @credits + credit_balance
  + (select coalesce(sum(credits), 0) from orders
    where account_id = @accountId and status in ('pending', 'paid') and id is distinct from @orderId)
  <= @most
from accounts
where id = @accountId
