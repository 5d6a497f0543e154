-- With what else its payment has paid: of a year the months that were handed out after it.
select o.id, o.account_id as AccountId, o.channel, o.status, o.currency, coalesce(o.paid_cents, o.price_cents) as PaidCents,
  o.reversed_credits as ReversedCredits, o.payment_id as PaymentId,
  (o.credits + case when o.price_cents = 0 then 0 else (
    select coalesce(sum(m.credits), 0)
    from orders m
    where m.subscription_id = o.subscription_id and m.price_cents = 0 and m.status = 'fulfilled'
      and m.period > o.period and m.period < o.period + 12
      and m.period < coalesce((
        select min(n.period) from orders n
        where n.subscription_id = o.subscription_id and n.price_cents > 0 and n.period > o.period), m.period + 1)) end)::bigint as Credits
from orders o
where o.id = @orderId
for no key update of o
