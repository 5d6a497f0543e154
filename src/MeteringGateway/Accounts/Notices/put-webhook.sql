insert into webhooks (account_id, url, nonce)
values (@accountId, @url, @nonce)
on conflict (account_id) do update
set url = excluded.url,
    nonce = case when @replacesNonce then excluded.nonce else webhooks.nonce end,
    updated_at = now()
returning account_id as AccountId, url, nonce, created_at as CreatedAt, updated_at as UpdatedAt
