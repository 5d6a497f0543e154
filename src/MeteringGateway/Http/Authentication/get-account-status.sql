select status
from accounts
where id = @id
