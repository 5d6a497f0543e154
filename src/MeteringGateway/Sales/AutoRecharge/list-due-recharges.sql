-- One fall below the threshold buys once: again only after an entry that reached it (only a credit can), or an hour after the last try.
-- A refusal counts from the order itself: the gateway may not have noted the pause yet, or a sweeper learnt of the refusal.
-- A change of the settings ends the pause.
-- The balance in the ledger knows a recharge only once its entry is there, so until then no other one is due.
select r.account_id
from auto_recharge r
join accounts a on a.id = r.account_id
left join lateral (
  select o.id, o.status, o.settled_at
  from orders o
  where o.account_id = r.account_id and o.kind = 'auto_recharge'
  order by o.id desc
  limit 1) last on true
where r.account_id > @after and (@accountId::bigint is null or r.account_id = @accountId)
  and r.enabled and a.credit_balance < r.threshold and a.status = 'active'
  and (r.paused_until is null or r.paused_until <= @now)
  and (
    r.fired_at is null or r.fired_at <= @againFrom
    or exists (
      select
      from ledger_entries e
      where e.account_id = r.account_id and e.seq > r.fired_seq and e.credits_delta > 0 and e.balance_after >= r.threshold))
  and (
    last.id is null
    or not (
      last.status in ('pending', 'paid')
      or (last.status in ('declined', 'canceled') and last.settled_at > @againFrom and last.settled_at >= r.updated_at)
      or (last.status = 'fulfilled' and not exists (select from ledger_entries e where e.entry_id = 'order:' || last.id))))
  and r.amount_cents + (
    select coalesce(sum(o.price_cents), 0)
    from orders o
    where o.account_id = r.account_id and o.kind = 'auto_recharge' and o.status in ('pending', 'paid', 'fulfilled')
      and o.created_at >= @monthStart)
    <= coalesce(r.monthly_cap_cents, r.amount_cents * @defaultCap)
order by r.account_id
limit @limit
