select id
from subscriptions
where channel = @channel and provider_id = @providerId
