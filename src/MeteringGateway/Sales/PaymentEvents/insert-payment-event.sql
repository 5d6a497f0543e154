insert into payment_events (channel, event_id, kind, order_id, payment_id, outcome)
values (@channel, @eventId, @kind, @orderId, @paymentId, 'open')
on conflict (channel, event_id) do nothing
