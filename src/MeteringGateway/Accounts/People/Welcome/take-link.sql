-- Exactly one transaction gets the row. Null: it is used, ended or too old.
delete from welcome_links
where account_id = @accountId and hash = @hash and expires_at > @now
returning account_id
