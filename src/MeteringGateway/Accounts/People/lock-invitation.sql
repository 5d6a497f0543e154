-- An invitation that is this account's to answer, whatever became of it. Of two answers at once the second sees the first one's.
select i.id, i.team_id as TeamId, i.role, i.status, i.invited_by as InvitedBy, i.expires_at > now() as IsInTime
from team_invitations i
join accounts me on me.id = @accountId and me.kind = 'personal' and me.email_key = i.email_key
where i.id = @id
for no key update of i
