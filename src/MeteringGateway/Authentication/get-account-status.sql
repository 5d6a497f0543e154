select status = 'suspended'
from accounts
where id = @id
