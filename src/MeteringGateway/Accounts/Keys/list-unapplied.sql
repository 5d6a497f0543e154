select id, account_id as AccountId, version
from keys
where applied_version < version and id > @after
order by id
limit @limit
