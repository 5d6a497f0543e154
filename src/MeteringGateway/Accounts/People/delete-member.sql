delete from team_members
where team_id = @teamId
  and account_id = @accountId;

delete from sessions
where account_id = @teamId
  and person_id = @accountId
