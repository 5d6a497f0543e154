-- The first payment id stays: another one for the same order would be a second payment.
update orders
set payment_id = coalesce(payment_id, @paymentId), checkout_id = coalesce(checkout_id, @checkoutId),
    payment_url = coalesce(payment_url, @paymentUrl)
where id = @id
