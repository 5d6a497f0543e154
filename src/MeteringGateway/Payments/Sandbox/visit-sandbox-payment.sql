update sandbox_payments
set status = case
      when mode = 'pay' then 'paid'
      when mode = 'decline' then 'declined'
      when pays_at <= @now then 'paid'
      else status
    end,
    pays_at = case when mode = 'later' then coalesce(pays_at, @paysAt) end
where id = @id and status = 'pending';

select id, reference, mode, status, success_url as SuccessUrl, cancel_url as CancelUrl
from sandbox_payments
where id = @id
