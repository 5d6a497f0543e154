update payment_events
set body = null
where body is not null and received_at < @before
