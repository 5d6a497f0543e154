-- The subject's account; a subject that is new is bound to the account with its email. Of two at once both get the first one's.
insert into oauth_subjects (issuer, subject, account_id)
select @issuer, @subject, id
from accounts
where lower(email) = lower(@email)
on conflict (issuer, subject) do update set issuer = excluded.issuer
returning account_id
