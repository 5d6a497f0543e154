select coalesce(sum(open), 0)::bigint
from debts
where account_id = @accountId and open > 0
