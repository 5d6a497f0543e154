select balance_after
from orders
where id = @id
