select id
from accounts
where email_key = @emailKey
  and kind = 'personal'
