-- What a stranger to the email may have set up: sessions of the account and those that it opened for teams, the password, a link that sets
-- one, identities that were bound from such a session, invitations, and, where the account is a team's, its members: a member opens the
-- wallet with a session of its own. Members are locked before invitations, as everywhere, and leave after them, so that one that is being
-- accepted now is waited for and its member found. The password goes before the sessions for the same reason: a sign-in holds it until its
-- session is there.
delete from passwords
where account_id = @accountId;

delete from sessions
where account_id = @accountId
   or person_id = @accountId;

delete from welcome_links
where account_id = @accountId;

delete from oauth_subjects
where account_id = @accountId
  and not (issuer = @issuer and subject = @subject);

select account_id
from team_members
where team_id = @accountId
order by account_id
for update;

update team_invitations
set status = 'withdrawn'
where (team_id = @accountId or invited_by = @accountId)
  and status = 'pending';

delete from team_members
where team_id = @accountId
