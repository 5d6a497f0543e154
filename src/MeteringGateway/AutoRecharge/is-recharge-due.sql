-- A refusal counts from the order itself: whoever was refused may not have noted the pause yet, or a sweeper learnt of it. A change of the settings ends it.
-- The balance in the books knows a recharge only once its entry is there, so until then no other one is due.
select exists (
  select
  from auto_recharge r
  join accounts a on a.id = r.account_id
  where r.account_id = @accountId
    and r.enabled and a.credit_balance < r.threshold and a.status = 'active'
    and (r.paused_until is null or r.paused_until <= @now)
    and not exists (
      select
      from (select id, status, settled_at from orders where account_id = @accountId and kind = 'auto_recharge' order by id desc limit 1) last
      where last.status in ('pending', 'paid')
         or (last.status in ('declined', 'canceled') and last.settled_at > @refusedAfter and last.settled_at >= r.updated_at)
         or (last.status = 'fulfilled' and not exists (select from ledger_entries e where e.entry_id = 'order:' || last.id))))
