update orders
set reversed_credits = @reversed
where id = @orderId
