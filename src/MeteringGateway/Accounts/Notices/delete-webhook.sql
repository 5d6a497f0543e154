delete from webhooks
where account_id = @accountId
returning account_id as AccountId, url, nonce, created_at as CreatedAt, updated_at as UpdatedAt
