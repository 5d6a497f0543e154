select id, open
from debts
where account_id = @accountId and open > 0
order by id
for update
