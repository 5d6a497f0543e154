update sandbox_payments
set status = 'paid'
where id = @id and status = 'pending' and mode = 'later';

select id, reference, amount_cents as AmountCents, currency, mode, status, success_url as SuccessUrl, cancel_url as CancelUrl
from sandbox_payments
where id = @id
