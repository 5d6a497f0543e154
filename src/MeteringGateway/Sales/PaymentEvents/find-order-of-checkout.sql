select id
from orders
where channel = @channel and checkout_id = @id
