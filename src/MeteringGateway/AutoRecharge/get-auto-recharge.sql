select enabled, threshold, amount_cents as AmountCents, paused_until as PausedUntil, last_refusal as LastRefusal
from auto_recharge
where account_id = @accountId
