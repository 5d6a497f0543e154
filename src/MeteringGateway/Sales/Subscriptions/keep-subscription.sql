-- Takes a cancellation back.
update subscriptions
set cancel_at_period_end = false, canceled_at = null
where id = @id and status = 'active'
returning id
