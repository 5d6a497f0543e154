update orders
set reversed_credits = @reversed, taken_back = @takenBack
where id = @orderId
