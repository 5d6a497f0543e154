select count(*)
from orders
where (@status::text is null or status = @status)
  and (@channel::text is null or channel = @channel)
  and (@accountId::bigint is null or account_id = @accountId);

select id, account_id as AccountId, kind, status, channel, credits, reversed_credits as ReversedCredits, price_cents as PriceCents,
  paid_cents as PaidCents, currency, payment_id as PaymentId, checkout_id as CheckoutId, refusal, created_at as CreatedAt,
  paid_at as PaidAt, settled_at as SettledAt, (status = 'paid' and paid_at < @paidBefore) is true as NeedsPerson
from orders
where (@status::text is null or status = @status)
  and (@channel::text is null or channel = @channel)
  and (@accountId::bigint is null or account_id = @accountId)
order by id desc
limit @limit offset @offset
