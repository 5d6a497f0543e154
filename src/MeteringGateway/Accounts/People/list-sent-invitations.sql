-- What was declined is listed as what was not answered: only joining shows that there is a person.
select id, email, role, created_at as CreatedAt, expires_at as ExpiresAt
from team_invitations
where team_id = @teamId
  and status in ('pending', 'declined')
  and expires_at > now()
order by id
