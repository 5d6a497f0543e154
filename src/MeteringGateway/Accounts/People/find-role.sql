select role
from team_members
where team_id = @teamId
  and account_id = @accountId
