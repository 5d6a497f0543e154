-- What an account may accept now: pending, in time, and of somebody who may still invite.
select i.id, i.team_id as TeamId, t.full_name as TeamName, i.role, b.email as InvitedBy, i.created_at as CreatedAt,
  i.expires_at as ExpiresAt
from team_invitations i
join accounts me on me.id = @accountId and me.kind = 'personal' and me.email_key = i.email_key
join accounts t on t.id = i.team_id
left join accounts b on b.id = i.invited_by
where i.status = 'pending'
  and i.expires_at > now()
  and (i.invited_by is null
       or exists (select 1 from team_members o where o.team_id = i.team_id and o.account_id = i.invited_by and o.role = 'owner'))
  and not exists (select 1 from team_members m where m.team_id = i.team_id and m.account_id = me.id)
order by i.id
