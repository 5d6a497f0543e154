select status
from accounts
where id = @accountId
