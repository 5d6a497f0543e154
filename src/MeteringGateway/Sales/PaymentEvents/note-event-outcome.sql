update payment_events
set outcome = @outcome
where channel = @channel and event_id = @eventId
