select id
from orders
where channel = @channel and payment_id = @paymentId
