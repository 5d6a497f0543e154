-- Subscriptions that are to end, or to go on, and whose provider does not know.
select id, channel, provider_id as ProviderId, cancel_at_period_end as IsEnding
from subscriptions
where provider_id is not null and provider_ending <> cancel_at_period_end and id > @after
  and (@accountId::bigint is null or account_id = @accountId)
order by id
limit @limit
