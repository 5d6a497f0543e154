-- What has ended goes with the next that opens: nobody else tidies up after sessions that were never signed out of.
delete from sessions
where account_id = @accountId
  and expires_at <= @now;

insert into sessions (hash, account_id, person_id, created_at, expires_at)
values (@hash, @accountId, @personId, @now, @expiresAt)
