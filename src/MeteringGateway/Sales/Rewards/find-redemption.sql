-- In a statement after the lock: it sees what the transaction before it in the line has written.
select r.entry_id as EntryId, r.account_id as AccountId, r.credits, r.entry_type as EntryType, r.description, r.status,
       r.balance_after as BalanceAfter, r.created_at as CreatedAt
from coupon_redemptions c
join rewards r on r.entry_id = c.entry_id
where c.coupon_id = @couponId
  and (c.person_id = @personId or c.account_id = @accountId)
order by c.account_id = @accountId desc
limit 1
