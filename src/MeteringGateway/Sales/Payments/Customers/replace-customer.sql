-- What the one that is gone had on file can't be charged any more.
delete from payment_methods
where account_id = @accountId and channel = @channel
  and exists (
    select from payment_customers where account_id = @accountId and channel = @channel and customer_id = @goneId);

update payment_customers
set customer_id = @customerId
where account_id = @accountId and channel = @channel and customer_id = @goneId
  and not exists (select from payment_customers where channel = @channel and customer_id = @customerId);

select customer_id
from payment_customers
where account_id = @accountId and channel = @channel
