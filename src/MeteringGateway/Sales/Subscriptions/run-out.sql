-- What it was to change to can't be given: it ends with what is paid, and is not claimed again.
update subscriptions
set cancel_at_period_end = true, canceled_at = coalesce(canceled_at, @now), next_plan_id = null, next_billing = null, next_channel = null
where id = @id
