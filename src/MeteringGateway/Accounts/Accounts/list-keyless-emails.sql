select id, email
from accounts
where email_key is null
  and id > @after
order by id
limit @limit
