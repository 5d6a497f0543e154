select id, open
from debts
where order_id = @orderId and open > 0
order by id desc
for update
