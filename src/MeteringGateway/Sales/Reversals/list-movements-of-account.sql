select m.entry_id as EntryId, m.account_id as AccountId, m.order_id as OrderId, m.kind, m.credits, m.amount, m.attempt, m.status, m.moved,
  (select o.payment_id from orders o where o.id = m.order_id) as PaymentId
from reversal_movements m
where m.account_id = @accountId and m.status = 'pending'
order by m.created_at, m.entry_id
