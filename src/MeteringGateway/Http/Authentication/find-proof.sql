-- Behind the lock and in a statement of its own, which sees what the transaction that was waited for has done.
select exists (select from sessions where hash = @session)
    or exists (select from oauth_subjects where issuer = @issuer and subject = @subject and account_id = @personId)
