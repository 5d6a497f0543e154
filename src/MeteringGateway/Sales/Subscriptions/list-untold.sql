-- Subscriptions that are to end, or to go on, and whose provider does not know. One that waits for a refused payment ends at once.
select id, channel, provider_id as ProviderId, cancel_at_period_end as IsEnding, status = 'canceled' as IsOver
from subscriptions
where provider_id is not null and provider_ending <> cancel_at_period_end and not provider_over and id > @after
  and (@accountId::bigint is null or account_id = @accountId)
order by id
limit @limit
