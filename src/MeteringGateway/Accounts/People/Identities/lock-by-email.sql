-- Of two tokens that come first at once, the second finds what the first has bound. Proven: the provider has vouched for this email before.
select a.id, exists (select 1 from oauth_subjects s where s.account_id = a.id and s.by_email) as IsProven
from accounts a
where a.email_key = @emailKey
for no key update of a
