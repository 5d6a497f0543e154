select account_id
from payment_customers
where channel = @channel and customer_id = @customerId
