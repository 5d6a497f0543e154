select r.enabled, r.threshold, r.amount_cents as AmountCents, r.monthly_cap_cents as MonthlyCapCents, r.stopped_at as StoppedAt,
  r.paused_until as PausedUntil, r.last_refusal as LastRefusal
from auto_recharge r
where r.account_id = @accountId;

select o.id, o.account_id as AccountId, o.kind, o.status, o.credits, o.price_cents as PriceCents, o.currency, o.description, o.channel,
  o.refusal, o.created_at as CreatedAt, o.settled_at as SettledAt
from orders o
where o.account_id = @accountId and o.kind = 'auto_recharge'
order by o.id desc
limit 1;

select coalesce(sum(o.price_cents), 0)::bigint
from orders o
where o.account_id = @accountId and o.kind = 'auto_recharge' and o.status in ('pending', 'paid', 'fulfilled')
  and o.created_at >= @monthStart;

select r.fired_at as FiredAt
from auto_recharge r
join accounts a on a.id = r.account_id
where r.account_id = @accountId and r.fired_at > @againFrom and a.credit_balance < r.threshold
  and not exists (
    select
    from ledger_entries e
    where e.account_id = r.account_id and e.seq > r.fired_seq and e.credits_delta > 0 and e.balance_after >= r.threshold)
