insert into payment_events (channel, event_id, kind, payment_id, outcome, body, api_version, occurred_at)
values (@channel, @eventId, @kind, @paymentId, 'open', @body, @apiVersion, @occurredAt)
on conflict (channel, event_id) do nothing
