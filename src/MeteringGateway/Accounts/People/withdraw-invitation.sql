update team_invitations
set status = 'withdrawn'
where id = @id
  and team_id = @teamId
  and status in ('pending', 'declined')
