select id, account_id as AccountId, channel, status, credits, coalesce(paid_cents, price_cents) as PaidCents,
  reversed_credits as ReversedCredits, payment_id as PaymentId
from orders
where id = @orderId
for no key update
