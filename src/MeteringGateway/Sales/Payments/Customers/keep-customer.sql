insert into payment_customers (account_id, channel, customer_id)
values (@accountId, @channel, @customerId)
on conflict do nothing;

select customer_id
from payment_customers
where account_id = @accountId and channel = @channel
