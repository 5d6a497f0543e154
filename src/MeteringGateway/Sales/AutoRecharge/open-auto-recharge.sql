-- The row that a change is made to, locked: of two changes at once the second starts from what the first has left.
insert into auto_recharge (account_id, enabled, threshold, amount_cents, updated_at)
values (@accountId, false, @threshold, @amountCents, @now)
on conflict do nothing;

select enabled, threshold, amount_cents as AmountCents, monthly_cap_cents as MonthlyCapCents, stopped_at as StoppedAt,
  paused_until as PausedUntil, last_refusal as LastRefusal
from auto_recharge
where account_id = @accountId
for update
