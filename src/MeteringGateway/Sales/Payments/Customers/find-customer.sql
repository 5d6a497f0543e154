select customer_id
from payment_customers
where account_id = @accountId and channel = @channel
