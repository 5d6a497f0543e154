update sandbox_payments
set status = 'paid'
where reference = @reference and status = 'pending' and pays_at <= @now;

select id, reference, amount_cents as AmountCents, currency, mode, status, success_url as SuccessUrl, cancel_url as CancelUrl
from sandbox_payments
where reference = @reference
