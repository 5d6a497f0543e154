-- What the customer pressed on the payment's page. A payment is answered once: what is paid or declined stays so.
update sandbox_payments
set status = case
      when not @pays or mode = 'decline' then 'declined'
      when mode = 'pay' or pays_at <= @now then 'paid'
      else status
    end,
    pays_at = case when @pays and mode = 'later' then coalesce(pays_at, @paysAt) end
where id = @id and status = 'pending' and success_url is not null;

select id, reference, amount_cents as AmountCents, currency, mode, status, success_url as SuccessUrl, cancel_url as CancelUrl
from sandbox_payments
where id = @id
