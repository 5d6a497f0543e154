-- The order of a month: by its payment, else by its place, of several tries the last.
select id
from orders
where (channel = @channel and payment_id = @paymentId) or (@period::int is not null and subscription_id = @id and period = @period)
order by payment_id is not distinct from @paymentId desc, attempt desc
limit 1
