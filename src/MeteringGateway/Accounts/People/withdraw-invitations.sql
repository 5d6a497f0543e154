-- What a person who leaves, or is no owner any more, has asked for or was asked for.
update team_invitations
set status = 'withdrawn'
where team_id = @teamId
  and status = 'pending'
  and (invited_by = @accountId
       or (@leaves and email_key = (select email_key from accounts where id = @accountId)))
