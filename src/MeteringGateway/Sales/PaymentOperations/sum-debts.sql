select coalesce(sum(d.credits), 0)::bigint as Credits,
       (coalesce(sum(d.open), 0) + coalesce(sum(p.pending), 0))::bigint as OpenCredits,
       coalesce(sum(p.paid), 0)::bigint as PaidCredits
from debts d
left join (
  select dp.debt_id,
         sum(dp.credits) filter (where m.status = 'pending') as pending,
         sum(dp.credits) filter (where m.status = 'applied') as paid
  from debt_payments dp
  join reversal_movements m on m.entry_id = dp.entry_id
  group by dp.debt_id) p on p.debt_id = d.id
where @accountId::bigint is null or d.account_id = @accountId
