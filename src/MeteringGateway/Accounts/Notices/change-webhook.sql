-- Only what is as it was then. No insert stands beside it: what is being removed is waited for, and is not made anew.
update webhooks
set url = @url,
    nonce = case when @replacesNonce then @nonce else nonce end,
    updated_at = now()
where account_id = @accountId
  and updated_at = @changedAt
returning account_id as AccountId, url, nonce, created_at as CreatedAt, updated_at as UpdatedAt
