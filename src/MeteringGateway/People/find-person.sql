select id
from accounts
where lower(email) = lower(@email)
  and kind = 'personal'
