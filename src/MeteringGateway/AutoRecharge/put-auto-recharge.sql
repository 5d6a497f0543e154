insert into auto_recharge (account_id, enabled, threshold, amount_cents, updated_at)
values (@accountId, @enabled, @threshold, @amountCents, @now)
on conflict (account_id) do update
set enabled = excluded.enabled, threshold = excluded.threshold, amount_cents = excluded.amount_cents,
    paused_until = null, last_refusal = null, updated_at = excluded.updated_at
returning enabled, threshold, amount_cents as AmountCents, paused_until as PausedUntil, last_refusal as LastRefusal
