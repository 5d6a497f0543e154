select channel, event_id as EventId, kind as Type, outcome, order_id as OrderId, payment_id as PaymentId, api_version as ApiVersion,
  occurred_at as OccurredAt, received_at as ReceivedAt, needs_person and resolved_at is null as NeedsPerson,
  resolved_at as ResolvedAt, resolved_by as ResolvedBy
from payment_events
where channel = @channel and event_id = @eventId
