-- What somebody may have set up who never had the email: sessions of the account and those that it opened for teams, the password,
-- and identities that were bound from such a session.
delete from sessions
where account_id = @accountId
   or person_id = @accountId;

delete from passwords
where account_id = @accountId;

delete from oauth_subjects
where account_id = @accountId
  and not (issuer = @issuer and subject = @subject);
