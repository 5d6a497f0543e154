select count(*)
from debts
where @accountId::bigint is null or account_id = @accountId;

-- What a purchase is about to pay is set aside from what is open, and is not paid before its credits have moved.
select d.id, d.account_id as AccountId, d.order_id as OrderId, d.entry_id as EntryId, d.credits,
  d.open + coalesce(p.pending, 0) as OpenCredits, coalesce(p.paid, 0) as PaidCredits, d.created_at as CreatedAt
from debts d
left join lateral (
  select sum(dp.credits) filter (where m.status = 'pending')::bigint as pending,
         sum(dp.credits) filter (where m.status = 'applied')::bigint as paid
  from debt_payments dp
  join reversal_movements m on m.entry_id = dp.entry_id
  where dp.debt_id = d.id) p on true
where @accountId::bigint is null or d.account_id = @accountId
order by d.id desc
limit @limit offset @offset
