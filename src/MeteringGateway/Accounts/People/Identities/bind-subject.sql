-- Null: the subject is another account's. One that is this account's already may have its email vouched for now.
insert into oauth_subjects (issuer, subject, account_id, by_email)
values (@issuer, @subject, @accountId, @byEmail)
on conflict (issuer, subject) do update set by_email = oauth_subjects.by_email or excluded.by_email
where oauth_subjects.account_id = excluded.account_id
returning account_id
