-- A change ends a pause and the wait for the end of a fall: the card may be another one now.
update auto_recharge
set enabled = @enabled, threshold = @threshold, amount_cents = @amountCents, monthly_cap_cents = @monthlyCapCents,
    stopped_at = case when @enabled then null else stopped_at end,
    paused_until = null, last_refusal = null, fired_at = null, fired_seq = null, updated_at = @now
where account_id = @accountId
returning enabled, threshold, amount_cents as AmountCents, monthly_cap_cents as MonthlyCapCents, stopped_at as StoppedAt,
  paused_until as PausedUntil, last_refusal as LastRefusal
