-- As lock-invitation, without the lock: the member that sent it is locked in between, in the order in which members leave.
select i.team_id as TeamId, i.invited_by as InvitedBy
from team_invitations i
join accounts me on me.id = @accountId and me.kind = 'personal' and me.email_key = i.email_key
where i.id = @id
