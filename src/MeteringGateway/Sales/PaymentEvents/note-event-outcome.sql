update payment_events
set outcome = @outcome, order_id = @orderId, needs_person = @needsPerson
where channel = @channel and event_id = @eventId
