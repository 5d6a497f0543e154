select email
from accounts
where id = @accountId
