-- A repeat of the purchase shows what is left of it.
update orders
set balance_after = coalesce(@balance, balance_after)
where id = @orderId
