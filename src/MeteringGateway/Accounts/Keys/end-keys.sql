-- All live and test keys that a person has made: those of one account, or (accountId null) wherever they are.
-- In the order of their ids, in which every other change of several keys takes them.
with mine as (
  select id
  from keys
  where status = 'active'
    and ((made_by = @madeBy and (@accountId::bigint is null or account_id = @accountId)) or account_id = @own)
  order by id
  for no key update
)
update keys k
set status = 'revoked', revoked_at = @now, version = version + 1
from mine
where k.id = mine.id
returning k.id, k.account_id as AccountId, k.version
