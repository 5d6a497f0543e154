select id, version
from accounts
where applied_version < version and id > @after
order by id
limit @limit
