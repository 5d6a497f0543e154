update team_invitations
set status = @status
where id = @id
