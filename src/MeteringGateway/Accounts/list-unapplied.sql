select id, version
from accounts
where applied_version < version
order by id
limit @limit
