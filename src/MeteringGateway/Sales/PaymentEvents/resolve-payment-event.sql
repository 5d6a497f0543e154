update payment_events
set resolved_at = now(), resolved_by = @actor
where channel = @channel and event_id = @eventId and needs_person and resolved_at is null
