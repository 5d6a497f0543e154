-- Takes a cancellation back; what is over at the provider can't be.
update subscriptions
set cancel_at_period_end = false, canceled_at = null
where id = @id and status = 'active' and not provider_over
returning id
