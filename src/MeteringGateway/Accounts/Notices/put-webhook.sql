-- changedAt: only what is as it was then; null: whatever there is. A row that is another by now, or gone, is left alone.
insert into webhooks (account_id, url, nonce)
select @accountId, @url, @nonce
where @changedAt::timestamptz is null
   or exists (select 1 from webhooks where account_id = @accountId)
on conflict (account_id) do update
set url = excluded.url,
    nonce = case when @replacesNonce then excluded.nonce else webhooks.nonce end,
    updated_at = now()
where @changedAt::timestamptz is null
   or webhooks.updated_at = @changedAt
returning account_id as AccountId, url, nonce, created_at as CreatedAt, updated_at as UpdatedAt
