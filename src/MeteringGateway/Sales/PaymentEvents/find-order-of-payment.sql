-- Under the name that the order has, or another of the payment's.
select id
from orders
where channel = @channel
  and (payment_id = @id or payment_id in (select payment_id from payment_aliases where channel = @channel and alias = @id))
