select coalesce(sum(credits), 0)::bigint
from orders
where account_id = @accountId and status = 'fulfilled'
