-- The same work for any email, so that the time tells nothing either. A second invitation replaces the first one's role and starts
-- its time anew.
-- A member is not invited: an invitation that lies around would bring back a member that is removed later.
with counted as (
  select count(*) as pending
  from team_invitations
  where team_id = @teamId
    and status = 'pending'
    and expires_at > now()
), invited as (
  insert into team_invitations (team_id, email, email_key, role, invited_by, expires_at)
  select @teamId, @email, @emailKey, @role, @invitedBy, now() + @lifetime
  from counted
  where pending < @mostPending
    and not exists (
      select 1
      from team_members m
      join accounts a on a.id = m.account_id
      where m.team_id = @teamId
        and a.email_key = @emailKey)
  on conflict (team_id, email_key) where status = 'pending'
  do update set email = excluded.email, role = excluded.role, invited_by = excluded.invited_by, created_at = now(),
    expires_at = excluded.expires_at
  returning id
)
select (select id from invited) as Id, pending < @mostPending as HasRoom
from counted
