update team_members
set role = @role, key_limit = @keyLimit
where team_id = @teamId
  and account_id = @accountId
