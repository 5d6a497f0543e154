update subscriptions
set status = 'past_due', provider_id = coalesce(provider_id, @providerId)
where id = @id and status in ('active', 'past_due')
returning status
