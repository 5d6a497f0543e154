-- A gateway that finds the row locked leaves it to the gateway that has the lock.
select enabled, threshold, amount_cents as AmountCents, monthly_cap_cents as MonthlyCapCents, stopped_at as StoppedAt,
  paused_until as PausedUntil, last_refusal as LastRefusal
from auto_recharge
where account_id = @accountId
for update skip locked
