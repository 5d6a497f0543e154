-- A newer link ends the older one of the account: the operator sends it again because the first may have gone astray.
insert into welcome_links (account_id, hash, created_at, expires_at)
values (@accountId, @hash, @now, @expiresAt)
on conflict (account_id) do update
set hash = excluded.hash, created_at = excluded.created_at, expires_at = excluded.expires_at
