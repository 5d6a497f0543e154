-- The account before the order, as whatever takes both does.
select id from accounts where id = (select account_id from orders where id = @orderId) for no key update
