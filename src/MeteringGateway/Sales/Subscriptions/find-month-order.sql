-- The order of a month, whether by its payment or, of the first, by its place.
select id
from orders
where (channel = @channel and payment_id = @paymentId) or (@period::int is not null and subscription_id = @id and period = @period)
order by payment_id = @paymentId desc nulls last, attempt desc
limit 1
