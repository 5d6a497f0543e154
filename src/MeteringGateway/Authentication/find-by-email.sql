select id
from accounts
where lower(email) = lower(@email)
