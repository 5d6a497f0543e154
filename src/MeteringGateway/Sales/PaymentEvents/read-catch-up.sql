select seen_until
from payment_catch_ups
where channel = @channel
