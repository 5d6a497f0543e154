select id, reference, amount_cents as AmountCents, currency, mode, status, success_url as SuccessUrl, cancel_url as CancelUrl
from sandbox_payments
where id = @id
