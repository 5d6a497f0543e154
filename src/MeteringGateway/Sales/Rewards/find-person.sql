-- The person that stands for a team's own credential, which no member has opened or made: its first owner, else the team itself.
select coalesce(
  (select account_id
   from team_members
   where team_id = @teamId
     and role = 'owner'
   order by created_at, account_id
   limit 1),
  @teamId)
