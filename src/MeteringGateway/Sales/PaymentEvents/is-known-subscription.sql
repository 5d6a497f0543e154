select exists (select from subscriptions where channel = @channel and provider_id = @providerId)
