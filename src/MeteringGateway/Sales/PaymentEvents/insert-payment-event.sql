-- Once, but for what a gateway of before has put aside because it could not read it.
insert into payment_events (channel, event_id, kind, payment_id, outcome, body, api_version, occurred_at, reader)
values (@channel, @eventId, @kind, @paymentId, 'open', @body, @apiVersion, @occurredAt, @reader)
on conflict (channel, event_id) do update
set outcome = excluded.outcome, payment_id = excluded.payment_id, body = excluded.body, api_version = excluded.api_version,
    occurred_at = excluded.occurred_at, reader = excluded.reader
where payment_events.reader < excluded.reader and payment_events.outcome in ('NothingToDo', 'UnknownOrder')
