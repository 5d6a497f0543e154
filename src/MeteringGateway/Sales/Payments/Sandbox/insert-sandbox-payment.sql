-- The reference is the idempotency key: a repeat gets the first payment, whatever it says now.
insert into sandbox_payments (id, reference, amount_cents, currency, mode, status, success_url, cancel_url, pays_at, created_at)
values (@id, @reference, @amountCents, @currency, @mode, @status, @successUrl, @cancelUrl, @paysAt, @now)
on conflict (reference) do nothing;

select id, reference, amount_cents as AmountCents, currency, mode, status, success_url as SuccessUrl, cancel_url as CancelUrl
from sandbox_payments
where reference = @reference
